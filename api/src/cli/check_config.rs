//! `plumbline check-config`

use super::fault::CommandError;
use crate::config::{Config, Graphql, Limit, Public, redacted};

fn limit(limit: &Limit) {
    println!("limit.points_per_second = {}", limit.points_per_second);
    println!("limit.burst_points = {}", limit.burst_points);
    println!("limit.clients = {}", limit.clients);
    println!("limit.spare_loopback = {}", limit.spare_loopback);
    println!("limit.requests_per_client = {}", limit.requests_per_client);
    println!("limit.waiting = {}", limit.waiting);
    println!("limit.waiting_per_client = {}", limit.waiting_per_client);
    println!("limit.wait_millis = {}", limit.wait.as_millis());
    println!("limit.connections_per_client = {}", limit.connections_per_client);
    println!("limit.refusal_millis = {}", limit.refusal_pause.as_millis());
    let proxies: Vec<String> = limit.trusted_proxies.iter().map(ToString::to_string).collect();
    println!("limit.trusted_proxies = {}", proxies.join(","));
}

fn graphql(graphql: &Graphql) {
    println!("graphql.max_depth = {}", graphql.max_depth);
    println!("graphql.max_complexity = {}", graphql.max_complexity);
    println!("graphql.max_aliases = {}", graphql.max_aliases);
    println!("graphql.max_directives = {}", graphql.max_directives);
    println!("graphql.max_tokens = {}", graphql.max_tokens);
    println!("graphql.persisted_bytes = {}", graphql.persisted_bytes);
    println!("graphql.kept_bytes = {}", graphql.kept_bytes);
    println!("graphql.default_page = {}", graphql.default_page);
    println!("graphql.max_page = {}", graphql.max_page);
    println!("graphql.max_cells = {}", graphql.max_cells);
    println!("graphql.max_search = {}", graphql.max_search);
    println!("graphql.max_table_rows = {}", graphql.max_table_rows);
    println!("graphql.introspection = {}", graphql.introspection);
}

pub(super) async fn run(config: &Config) -> Result<(), CommandError> {
    println!("listen = {}", config.listen);
    println!("database_url = {}", redacted(&config.database.url));
    println!("database.max_connections = {}", config.database.max_connections);
    println!(
        "database.acquire_seconds = {}",
        config.database.acquire_timeout.as_secs()
    );
    if let Some(tls) = &config.tls {
        println!("tls.certificate = {}", tls.certificate.display());
        println!("tls.key = {}", tls.key.display());
        println!("tls.reload_seconds = {}", tls.reload_interval.as_secs());
    }
    println!("http.max_connections = {}", config.http.max_connections);
    println!("http.max_body_bytes = {}", config.http.max_body_bytes);
    let http = &config.http;
    println!("http.body_seconds = {}", http.body_timeout.as_secs());
    println!("http.max_upload_files = {}", http.max_upload_files);
    println!("http.max_upload_bytes = {}", http.max_upload_bytes);
    println!("http.max_upload_total_bytes = {}", http.max_upload_total_bytes);
    println!("http.upload_seconds = {}", http.upload_timeout.as_secs());
    println!("http.max_requests = {}", http.max_requests);
    println!("http.allowed_origins = {}", http.allowed_origins.join(","));
    println!("http.request_seconds = {}", config.http.request_timeout.as_secs());
    println!("http.shutdown_seconds = {}", config.http.shutdown_timeout.as_secs());
    println!("import.max_file_bytes = {}", config.import.max_file_bytes);
    println!("import.max_unpacked_bytes = {}", config.import.max_unpacked_bytes);
    println!("import.max_cells = {}", config.import.max_cells);
    println!("import.seconds = {}", config.import.timeout.as_secs());
    let strangers = match config.public {
        Public::Nothing => "nothing",
        Public::Published => "published",
        Public::Everything(_) => "everything",
    };
    println!("public.read = {strangers}");
    graphql(&config.graphql);
    println!("export.max_cells = {}", config.export.max_cells);
    println!("export.spool_bytes = {}", config.export.spool_bytes);
    let open = &config.subscription;
    println!("subscription.max_connections = {}", open.max_connections);
    println!("subscription.max_operations = {}", open.max_operations);
    println!("subscription.init_seconds = {}", open.init_timeout.as_secs());
    println!("subscription.ping_seconds = {}", open.ping_interval.as_secs());
    println!("subscription.poll_millis = {}", open.poll_interval.as_millis());
    limit(&config.limit);
    println!("compute.parallel = {}", config.parallel);
    println!("metrics.read = {}", config.metrics.name());
    if let Some(trace) = &config.trace {
        println!("trace.endpoint = {}", trace.endpoint);
        println!("trace.ratio = {}", trace.ratio);
    }
    println!("log.filter = {}", config.log_filter);
    println!("log.format = {}", if config.log_json { "json" } else { "text" });
    if let Some(oidc) = &config.oidc {
        println!("oidc.issuer = {}", oidc.issuer);
        println!("oidc.audience = {}", oidc.audience);
        println!("oidc.algorithms = {}", oidc.algorithms.join(","));
        println!("oidc.subject_claim = {}", oidc.subject_claim);
    }
    let pending = migration::pending(&config.database.url).await?;
    if pending.is_empty() {
        println!("The settings are valid and the database is up to date.");
    } else {
        println!(
            "The settings are valid; {} migrations are pending: run `plumbline migrate`.",
            pending.len()
        );
    }
    Ok(())
}
