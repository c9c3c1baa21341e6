//! `ESCALE_ENGINES`: where engines may come from.

use std::sync::OnceLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Not set: containers where a Docker engine answers, else programs of the system.
    Any,
    Containers,
    System,
    None,
}

impl Choice {
    /// What the environment says. A word that is none of them fails every test that asks: a typing error shall not
    /// skip what somebody meant to run.
    pub fn made() -> Self {
        static CHOICE: OnceLock<Choice> = OnceLock::new();
        *CHOICE.get_or_init(|| match std::env::var("ESCALE_ENGINES").as_deref() {
            Err(_) | Ok("") => Self::Any,
            Ok("containers") => Self::Containers,
            Ok("system") => Self::System,
            Ok("none") => Self::None,
            Ok(other) => {
                panic!("ESCALE_ENGINES must be containers, system or none, not {other:?}")
            }
        })
    }

    pub fn takes_containers(self) -> bool {
        matches!(self, Self::Any | Self::Containers)
    }

    pub fn takes_programs(self) -> bool {
        matches!(self, Self::Any | Self::System)
    }
}
