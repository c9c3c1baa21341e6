//! What a booking is and what may happen to it. Nothing in here knows HTTP or SQL, and the time is always an argument.

mod booking;
mod cancellation;
mod confirmation;
mod limits;
mod offer;
mod price;
mod refund;
mod refusal;
mod special_requests;
mod status;

pub use booking::{Booking, Wish};
pub use confirmation::Payment;
pub use limits::{HOLD, HOLDS_PER_USER, KEY_LIFETIME, last_bookable_date};
pub use offer::{Offer, OfferStatus, Title};
pub use price::Price;
pub use refund::RefundOrder;
pub use refusal::Refusal;
pub use special_requests::SpecialRequests;
pub use status::{Change, Status};
