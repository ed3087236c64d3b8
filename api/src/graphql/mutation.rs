//! The root of all mutations: each noun brings its own part.

use async_graphql::MergedObject;

use super::noun::api_token::ApiTokenMutation;
use super::noun::import::ImportMutation;
use super::noun::principal::PrincipalMutation;
use super::noun::role_grant::RoleGrantMutation;

/// Everything that can be written. A mutation is done whole or not at all.
#[derive(Default, MergedObject)]
pub struct Mutation(ImportMutation, PrincipalMutation, RoleGrantMutation, ApiTokenMutation);
