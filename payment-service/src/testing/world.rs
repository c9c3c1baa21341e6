//! The bank and booking in memory. They outlive the service under test, count what they were made to do, and can be
//! told to fail at one call.

use std::collections::HashMap;
use std::sync::Mutex;

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use service_kit::clock::Timestamp;
use service_kit::context::RequestContext;
use service_kit::error::ApiError;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::domain::failure::Failure;
use crate::domain::money::Money;
use crate::domain::offer::{BookingState, Offer};
use crate::domain::step::Step;
use crate::ports::{Authorisation, Bank, Bookings, Capture, ChargeOrder, Confirmation, NotKnown};

/// What goes wrong at a call. `Before`: the receiver does nothing. `After`: it does its work, the answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    LostBefore,
    LostAfter,
    /// The caller hangs, and may be killed there; [`World::release`] lets it go on.
    HangsBefore,
    HangsAfter,
}

#[derive(Default)]
pub struct World {
    inner: Mutex<Inner>,
    reached: Notify,
    released: Notify,
}

#[derive(Default)]
struct Inner {
    charges: HashMap<Uuid, Charge>,
    bookings: HashMap<Uuid, Booking>,
    /// Each happens once, at the next call of its step.
    troubles: Vec<(Step, Trouble)>,
    bank_is_away: bool,
}

/// What the bank did for one reference.
#[derive(Debug, Clone, Copy)]
pub struct Charge {
    pub id: Uuid,
    pub amount: Money,
    pub declined: Option<Failure>,
    pub taken: u32,
    pub returned: u32,
}

#[derive(Debug, Clone, Copy)]
pub struct Booking {
    pub user_id: Uuid,
    pub amount: Money,
    pub state: BookingState,
    pub confirmed_by: Option<Uuid>,
}

impl World {
    /// A pending booking of 129 euros.
    pub fn add_booking(&self, user_id: Uuid) -> Uuid {
        let id = Uuid::new_v4();
        let booking = Booking {
            user_id,
            amount: Money::euros(12_900),
            state: BookingState::Pending,
            confirmed_by: None,
        };
        self.lock().bookings.insert(id, booking);
        id
    }

    pub fn set_booking(&self, id: Uuid, state: BookingState) {
        let mut inner = self.lock();
        inner.bookings.get_mut(&id).expect("a booking").state = state;
    }

    pub fn booking(&self, id: Uuid) -> Booking {
        self.lock().bookings[&id]
    }

    pub fn charges(&self) -> HashMap<Uuid, Charge> {
        self.lock().charges.clone()
    }

    pub fn trouble(&self, step: Step, trouble: Trouble) {
        self.lock().troubles.push((step, trouble));
    }

    pub fn set_bank_away(&self, away: bool) {
        self.lock().bank_is_away = away;
    }

    /// Resolves when a caller hangs.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    pub fn release(&self) {
        self.released.notify_one();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().expect("no panic while the lock is held")
    }

    async fn call<T>(&self, step: Step, work: impl FnOnce(&mut Inner) -> T) -> Result<T, NotKnown> {
        let (trouble, away) = {
            let mut inner = self.lock();
            let found = inner.troubles.iter().position(|(at, _)| *at == step);
            let trouble = found.map(|index| inner.troubles.remove(index).1);
            (trouble, inner.bank_is_away && step != Step::Confirm)
        };
        let lost = NotKnown("the answer was lost".to_owned());
        if away || trouble == Some(Trouble::LostBefore) {
            return Err(lost);
        }
        if trouble == Some(Trouble::HangsBefore) {
            self.hang().await;
        }
        let done = work(&mut self.lock());
        if trouble == Some(Trouble::HangsAfter) {
            self.hang().await;
        }
        if trouble == Some(Trouble::LostAfter) {
            return Err(lost);
        }
        Ok(done)
    }

    async fn hang(&self) {
        self.reached.notify_one();
        self.released.notified().await;
    }
}

impl Bank for World {
    fn authorise<'a>(
        &'a self,
        order: ChargeOrder,
        card_token: &'a SecretString,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Authorisation, NotKnown>> {
        let declined = match card_token.expose_secret() {
            "tok_accepted" => None,
            "tok_insufficient_funds" => Some(Failure::InsufficientFunds),
            _ => Some(Failure::CardDeclined),
        };
        Box::pin(self.call(Step::Authorise, move |inner| {
            let charge = inner.charges.entry(order.reference).or_insert(Charge {
                id: Uuid::new_v4(),
                amount: order.amount,
                declined,
                taken: 0,
                returned: 0,
            });
            match charge.declined {
                Some(failure) => Authorisation::Declined(failure),
                None => Authorisation::Granted {
                    charge_id: charge.id,
                },
            }
        }))
    }

    fn capture<'a>(
        &'a self,
        order: ChargeOrder,
        charge_id: Uuid,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Capture, NotKnown>> {
        Box::pin(self.call(Step::Capture, move |inner| {
            let charge = inner.charges.get_mut(&order.reference).expect("a charge");
            assert_eq!(charge.id, charge_id);
            charge.taken = 1;
            Capture::Taken
        }))
    }

    fn refund<'a>(
        &'a self,
        order: ChargeOrder,
        charge_id: Uuid,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<(), NotKnown>> {
        Box::pin(self.call(Step::Refund, move |inner| {
            let charge = inner.charges.get_mut(&order.reference).expect("a charge");
            assert_eq!(charge.id, charge_id);
            charge.returned = charge.taken;
        }))
    }
}

impl Bookings for World {
    fn offer<'a>(
        &'a self,
        booking_id: Uuid,
        user_id: Uuid,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Option<Offer>, ApiError>> {
        let inner = self.lock();
        let booking = inner.bookings.get(&booking_id);
        let offer = booking
            .filter(|booking| booking.user_id == user_id)
            .map(|booking| Offer {
                booking_id,
                user_id,
                amount: booking.amount,
                state: booking.state,
                hold_expires_at: Some(Timestamp(i64::MAX)),
            });
        Box::pin(std::future::ready(Ok(offer)))
    }

    fn confirm<'a>(
        &'a self,
        booking_id: Uuid,
        payment_id: Uuid,
        amount: Money,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Confirmation, NotKnown>> {
        Box::pin(self.call(Step::Confirm, move |inner| {
            let booking = inner.bookings.get_mut(&booking_id).expect("a booking");
            match booking.state {
                BookingState::Pending if booking.amount == amount => {
                    booking.state = BookingState::Confirmed;
                    booking.confirmed_by = Some(payment_id);
                    Confirmation::Confirmed
                }
                BookingState::Confirmed if booking.confirmed_by == Some(payment_id) => {
                    Confirmation::Confirmed
                }
                _ => Confirmation::Refused(Failure::BookingNotPayable),
            }
        }))
    }
}
