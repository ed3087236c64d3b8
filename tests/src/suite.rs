//! A test written once and run on both backends.

use std::future::Future;

use tokio::runtime::Builder;

use crate::db::{Backend, Holding, TestDb};

/// Runs each named `async fn(TestDb)` as `name::sqlite` and `name::postgres`, on a fresh database that holds so much.
///
/// ```
/// # use tests::{db::TestDb, suite};
/// suite!(Tables: zero_stays_zero);
///
/// async fn zero_stays_zero(db: TestDb) {}
/// ```
///
/// A test that is written and not named here is dead code, which the compiler reports.
#[macro_export]
macro_rules! suite {
    ($holding:ident: $($test:ident),+ $(,)?) => {$(
        mod $test {
            #[test]
            fn sqlite() {
                let (backend, holding) = ($crate::db::Backend::Sqlite, $crate::db::Holding::$holding);
                $crate::suite::run(backend, holding, super::$test);
            }

            #[test]
            fn postgres() {
                let (backend, holding) = ($crate::db::Backend::Postgres, $crate::db::Holding::$holding);
                $crate::suite::run(backend, holding, super::$test);
            }
        }
    )+};
}

/// Runs `test` on a fresh database, in a runtime of several threads as the server has it.
///
/// # Panics
/// When the test does.
pub fn run<T: Future<Output = ()>>(backend: Backend, holding: Holding, test: impl FnOnce(TestDb) -> T) {
    let db = TestDb::fresh(backend, holding);
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test(db));
}
