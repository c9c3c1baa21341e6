//! An account as its owner reads it.

use serde::Serialize;
use service_kit::clock::Timestamp;
use service_kit::error::{ApiError, Code};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::accounts::{AccountError, Profile};
use crate::domain::role::Role;
use crate::password_hasher::HashingError;
use crate::store::accounts::Taken;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Profile)]
pub struct ProfileAnswer {
    id: Uuid,
    pseudo: String,
    #[schema(format = "email")]
    email: String,
    #[schema(value_type = [Role; 1])]
    roles: [&'static str; 1],
    created_at: Timestamp,
}

impl From<Profile> for ProfileAnswer {
    fn from(profile: Profile) -> Self {
        Self {
            id: profile.id,
            pseudo: profile.pseudo,
            email: profile.email,
            roles: [profile.role.as_str()],
            created_at: profile.created_at,
        }
    }
}

impl From<AccountError> for ApiError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Taken(Taken::Pseudo) => Code::PseudoTaken.into(),
            AccountError::Taken(Taken::Email) => Code::EmailTaken.into(),
            AccountError::Hashing(error) => error.into(),
            AccountError::Store(error) => error.into(),
            AccountError::Email(error) => Self::internal(error),
        }
    }
}

impl From<HashingError> for ApiError {
    fn from(error: HashingError) -> Self {
        match error {
            HashingError::Busy => Self::new(Code::Overloaded).because(error).retry_after(5),
            _ => Self::internal(error),
        }
    }
}
