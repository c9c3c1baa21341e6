//! What a tour is, who may change one, and how a search reads its words. No HTTP and no SQL in here.

mod editor;
mod filter;
mod fold;
mod position;
mod search;
mod tour;

pub use editor::Editor;
pub use filter::TourFilter;
pub use fold::fold;
pub use position::Position;
pub use search::{SearchText, SearchWords};
pub use tour::{Status, Tour};

/// The words of the tour body, which the gateway knows too.
pub use escale_schemas::tour::{Category, Country, Currency, Texts, TourDetails};
