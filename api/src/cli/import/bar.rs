//! The bar in the terminal while an import runs; nothing where standard error is no terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::service::import::{Phase, Progress};

/// How often the bar is drawn.
const STEP: Duration = Duration::from_millis(100);

/// A bar that follows an import.
pub(super) struct Bar {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

pub(super) fn watch(progress: Progress) -> Bar {
    let (stop, mut stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        let bar = ProgressBar::no_length();
        let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let mut clock = tokio::time::interval(STEP);
        loop {
            tokio::select! {
                _ = &mut stopped => break,
                _ = clock.tick() => draw(&bar, &progress),
            }
        }
        bar.finish_and_clear();
    });
    Bar { stop, task }
}

impl Bar {
    /// Takes the bar away.
    pub(super) async fn end(self) {
        // Both fail only when the bar is gone already.
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}

fn draw(bar: &ProgressBar, progress: &Progress) {
    let (phase, done, total) = progress.told();
    bar.set_message(match phase {
        Phase::Waiting => "waiting",
        Phase::Checking => "checking",
        Phase::Comparing => "comparing",
        Phase::Writing => "writing",
        Phase::Ended => "ending",
    });
    if total > 0 {
        bar.set_length(total);
    }
    bar.set_position(done);
}
