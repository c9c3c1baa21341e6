//! What Redis is asked: the values of the label `question` of its metrics.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// May this request pass the limits?
    Limits,
    /// Points for an offence.
    Charge,
    /// Is this thing one too many?
    Walk,
    /// Let somebody out.
    Free,
    /// What happened in the jail at the other gateways?
    JailEvents,
    /// Are you there, and can you write?
    Pulse,
}

impl Question {
    pub const ALL: [Self; 6] = [
        Self::Limits,
        Self::Charge,
        Self::Walk,
        Self::Free,
        Self::JailEvents,
        Self::Pulse,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Limits => "limits",
            Self::Charge => "charge",
            Self::Walk => "walk",
            Self::Free => "free",
            Self::JailEvents => "jail_events",
            Self::Pulse => "pulse",
        }
    }
}
