//! A throw-away PostgreSQL cluster for the whole test process, started from the server's own binaries on first use.
//!
//! It listens on a socket in a folder of its own, keeps nothing safe on disk, and ends with the test process however
//! that ends: a shell watches a pipe that only the test process holds open, and takes server and folder away when the
//! pipe breaks.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What a folder of server binaries must hold to be of use here.
const PROGRAMS: &[&str] = &["initdb", "postgres", "createdb", "pg_isready"];

const START_LIMIT: Duration = Duration::from_secs(30);

/// Makes the cluster, tells its folder on the first line of its output, serves, and takes everything away again when
/// the server stops or the input ends. What went wrong stands in the rest of the output.
///
/// The test process may be gone at any line: nothing may then break on its closed pipes, and a server that is only
/// starting does not hear the first signal.
const SUPERVISOR: &str = r#"
set -u
trap '' PIPE
bin=$1
dir=$(mktemp -d "$2/plumbline-pg-XXXXXX") || exit 1
trap 'rm -rf "$dir" || { sleep 1; rm -rf "$dir"; }' EXIT
echo "$dir"
exec 3<&0 </dev/null
"$bin/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
    >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
"$bin/postgres" -D "$dir/data" -c unix_socket_directories="$dir" -c listen_addresses= -c max_connections=200 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off >>"$dir/log" 2>&1 &
server=$!
{
    cat <&3
    for second in 1 2 3 4 5 6 7 8 9 10; do kill -INT "$server" || exit; sleep 1; done
    kill -KILL "$server"
} >/dev/null 2>&1 &
watch=$!
wait "$server"
kill "$watch" 2>/dev/null
cat "$dir/log"
"#;

/// A running server with any number of databases.
pub struct Cluster {
    binaries: PathBuf,
    folder: PathBuf,
    databases: AtomicU32,
    /// Holds the pipe; the shell at its other end lives as long as this process.
    supervisor: Child,
}

impl Cluster {
    /// The one cluster of this process; the first caller starts it.
    ///
    /// # Panics
    /// When this machine has no PostgreSQL server, or when it does not start within half a minute.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&binaries()))
    }

    /// Makes an empty database and returns its URL.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn fresh_database(&self) -> String {
        self.create(&[])
    }

    /// Makes a copy of a database that nobody is connected to, given by its URL or its name, and returns the copy's URL.
    ///
    /// # Panics
    /// When the server refuses, for example because somebody is connected to the template.
    pub fn fresh_database_like(&self, template: &str) -> String {
        self.create(&["--template", name_in(template)])
    }

    /// Takes a database away, whoever is still connected to it.
    pub fn drop_database(&self, url: &str) {
        let output = self
            .client("dropdb")
            .args(["--force", "--if-exists", name_in(url)])
            .output();
        // Not worth a failed test: the whole cluster goes away soon.
        match output {
            Ok(output) if output.status.success() => {}
            Ok(output) => eprintln!("dropdb: {}", String::from_utf8_lossy(&output.stderr).trim()),
            Err(error) => eprintln!("dropdb: {error}"),
        }
    }

    fn create(&self, options: &[&str]) -> String {
        let name = format!("fresh_{}", self.databases.fetch_add(1, Ordering::Relaxed) + 1);
        let output = self
            .client("createdb")
            .args(options)
            .arg(&name)
            .output()
            .expect("createdb runs");
        assert!(
            output.status.success(),
            "createdb: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        let host = percent_encoded(&self.folder.to_string_lossy());
        format!("postgres://postgres@localhost/{name}?host={host}")
    }

    /// A client program that speaks to this cluster, whatever the environment says about others.
    fn client(&self, program: &str) -> Command {
        let mut command = command(self.binaries.join(program));
        command
            .arg("--host")
            .arg(&self.folder)
            .args(["--port", "5432", "--username", "postgres"]);
        command
    }

    fn start(binaries: &Path) -> Self {
        let mut supervisor = supervisor(binaries).spawn().expect("sh or runuser runs");
        let mut told = BufReader::new(supervisor.stdout.take().expect("the output is a pipe"));
        let mut folder = String::new();
        told.read_line(&mut folder).expect("the shell's output is text");
        let folder = PathBuf::from(folder.trim_end());
        let mut cluster = Self {
            binaries: binaries.to_owned(),
            folder,
            databases: AtomicU32::new(0),
            supervisor,
        };
        if !cluster.becomes_ready() {
            panic!(
                "PostgreSQL from {} did not start:\n{}",
                binaries.display(),
                cluster.last_words(told)
            );
        }
        cluster
    }

    /// Waits until the server answers; gives up when the shell has ended or the time is over.
    #[expect(
        clippy::disallowed_methods,
        reason = "a starting server tells nobody: it must be asked again and again"
    )]
    fn becomes_ready(&mut self) -> bool {
        let end = Instant::now() + START_LIMIT;
        // Without a folder there is nothing to wait for, and the client would ask the machine's own server.
        while self.folder.is_dir() && Instant::now() < end {
            if self
                .client("pg_isready")
                .arg("--quiet")
                .status()
                .is_ok_and(|status| status.success())
            {
                return true;
            }
            if self.supervisor.try_wait().expect("the shell can be asked").is_some() {
                return false;
            }
            sleep(Duration::from_millis(20));
        }
        false
    }

    /// The server's log and whatever else was said, after the shell was let go.
    fn last_words(&mut self, mut told: impl Read) -> String {
        let mut words = String::new();
        drop(self.supervisor.stdin.take());
        told.read_to_string(&mut words).expect("the log is text");
        let errors = self.supervisor.stderr.take();
        errors.map(|mut errors| errors.read_to_string(&mut words));
        words
    }
}

/// The name of the database in its URL; a name alone is one already.
fn name_in(url: &str) -> &str {
    let path = url.split_once('?').map_or(url, |(path, _)| path);
    path.rsplit('/').next().unwrap_or(path)
}

/// The shell that makes and watches the cluster, in a process group of its own so that Ctrl-C does not reach it. The
/// server refuses to run as root: there it runs as `postgres`.
fn supervisor(binaries: &Path) -> Command {
    let mut command = if is_root() { command("runuser") } else { command("sh") };
    if is_root() {
        command.args(["-u", "postgres", "--", "sh"]);
    }
    // A socket's path is at most 107 bytes long, and the server's user must reach it: no TMPDIR of somebody's own.
    command
        .args(["-c", SUPERVISOR, "sh"])
        .arg(binaries)
        .arg("/tmp")
        .current_dir("/")
        .process_group(0);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A command that none of PostgreSQL's own environment variables lead elsewhere.
fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
        command.env_remove(name);
    }
    command
}

fn is_root() -> bool {
    output_of("id", &["-u"]).is_some_and(|id| id == "0")
}

/// The folder of the server's binaries: on the path, the newest of Debian's, or where `pg_config` says.
fn binaries() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Clients are on everybody's path; a link to the server leads to the folder that has all of its programs.
    let servers = std::env::split_paths(&path).filter_map(|folder| folder.join("postgres").canonicalize().ok());
    let on_path = servers.filter_map(|server| server.parent().map(Path::to_owned));
    let configured = output_of("pg_config", &["--bindir"]).map(PathBuf::from);
    let has_all = |folder: &PathBuf| PROGRAMS.iter().all(|program| folder.join(program).is_file());
    on_path.chain(debian_versions()).chain(configured).find(has_all).expect(
        "this machine has no PostgreSQL server (initdb, postgres, createdb, pg_isready); the test command of the README, \
         scripts/test, installs it",
    )
}

/// `/usr/lib/postgresql/*/bin`, the highest version first.
fn debian_versions() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .map(|entry| entry.path())
        .filter_map(|path| Some((version(&path)?, path)))
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, path)| path.join("bin")).collect()
}

fn output_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn percent_encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a String takes everything");
        }
    }
    out
}
