//! Who writes to the catalogue: a guide in his own tours, an administrator in all (R3, API1, API5).

use uuid::Uuid;

use super::Tour;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Editor {
    Guide(Uuid),
    Admin(Uuid),
}

impl Editor {
    /// Whose tour a new one becomes.
    pub fn user_id(self) -> Uuid {
        match self {
            Self::Guide(user) | Self::Admin(user) => user,
        }
    }

    /// The tours of a fresh installation belong to the house: no guide may change them.
    pub fn may_change(self, tour: &Tour) -> bool {
        match self {
            Self::Admin(_) => true,
            Self::Guide(user) => tour.owner == Some(user),
        }
    }
}
