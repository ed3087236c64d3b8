//! Who may do what. One place decides: [`Act`] says which roles and which scope an act takes, [`Reach`] over which organisations and indicators a caller may
//! do it, and [`Sight`] is one version of the data as a caller may read it.

mod act;
mod caller;
mod door;
mod given;
mod issuer;
mod key_set;
mod reach;
mod secret;
mod sight;
mod sign_in;
mod signature;
mod token;

pub use self::act::{Act, Scope, Scopes};
pub use self::caller::{Caller, Held, Origin, Who};
pub use self::door::SignIn;
pub use self::given::NewGrant;
pub use self::reach::Reach;
pub use self::sight::Sight;
pub use self::token::{NewToken, Shown};
