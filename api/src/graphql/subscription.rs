//! The root of all subscriptions: each noun brings its own part.

use async_graphql::MergedSubscription;

use super::noun::change_feed::ChangeFeedSubscription;
use super::noun::import::ImportSubscription;

/// What is told as it happens.
#[derive(Default, MergedSubscription)]
pub struct Subscription(ChangeFeedSubscription, ImportSubscription);
