//! The place of a criterion in an organisation's track.

use analytics::period::Period;

use super::population::population;
use crate::error::Error;
use crate::intake::problem::suggest;
use crate::service::catalog::Catalog;
use crate::service::framework::Scheme;
use crate::service::selector;

/// The place of a node that counts for an organisation in a period, and the organisation's ordinal.
///
/// # Errors
/// [`Error::NotFound`] for unknown codes, [`Error::Input`] where the node has no points there.
pub(in crate::service) fn place_of(
    scheme: &Scheme,
    catalog: &Catalog,
    (org, period, node): (&str, Period, &str),
) -> Result<(u32, usize), Error> {
    let ordinal = selector::org(catalog, org)?;
    let members = population(scheme, catalog, period)?;
    let member = members.iter().find(|member| member.org == ordinal).ok_or_else(|| {
        let message = format!("`{org}` is in no track of `{}` in {period}", scheme.row.code);
        Error::input(message, "framework { tracks } says who is")
    })?;
    let place = scheme
        .core
        .nodes
        .iter()
        .position(|one| one.code == node)
        .ok_or_else(|| {
            let known = scheme.core.nodes.iter().map(|node| node.code.as_str());
            Error::NotFound {
                what: "node",
                name: node.to_owned(),
                hint: Some(suggest(node, known, "framework { nodes } lists the codes")),
            }
        })?;
    let definition = &scheme.core.nodes[place];
    let counts = definition.weights.get(member.track).copied().flatten().is_some() || definition.is_adjustment();
    if definition.criterion.is_none() || !counts {
        let message = format!("`{node}` has no points of its own for `{org}`");
        return Err(Error::input(
            message,
            "name a criterion that has a weight in the organisation's track",
        ));
    }
    Ok((ordinal, place))
}
