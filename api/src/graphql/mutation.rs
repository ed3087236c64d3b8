//! The root of all mutations: each noun brings its own part.

use async_graphql::MergedObject;

use super::noun::evaluation_run::EvaluationRunMutation;
use super::noun::framework::FrameworkMutation;
use super::noun::import::ImportMutation;
use super::noun::objection::ObjectionMutation;
use super::noun::rectification::RectificationMutation;

/// Everything that can be written. A mutation is done whole or not at all.
#[derive(Default, MergedObject)]
pub struct Mutation(
    ImportMutation,
    FrameworkMutation,
    EvaluationRunMutation,
    ObjectionMutation,
    RectificationMutation,
);
