//! What a tour is, who may change one, and how a search reads its words. No HTTP and no SQL in here.

mod category;
mod country;
mod editor;
mod filter;
mod fold;
mod position;
mod search;
mod tour;

pub use category::Category;
pub use country::Country;
pub use editor::Editor;
pub use filter::TourFilter;
pub use fold::fold;
pub use position::Position;
pub use search::{SearchText, SearchWords};
pub use tour::{Currency, Status, Texts, Tour, TourDetails};
