//! The catalogue: what a tour costs, how many it takes a day, whether it is still offered.

use std::time::Duration;

use futures_util::future::BoxFuture;
use http::{Method, StatusCode};
use serde::Deserialize;
use service_kit::client::PeerClient;
use service_kit::context::RequestContext;
use service_kit::error::{ApiError, Code};
use service_kit::tls::{Identity, TlsError};
use url::Url;
use uuid::Uuid;

use crate::domain::{Offer, OfferStatus, Title};

/// A user waits for this call.
const TIMEOUT: Duration = Duration::from_secs(3);

pub trait Catalogue: Send + Sync {
    /// What is known of a tour; `None` when there is no such tour.
    ///
    /// # Errors
    /// 502, 503, 504 when the catalogue gives no sensible answer. Nothing is sold then.
    fn offer<'a>(
        &'a self,
        tour_id: Uuid,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Option<Offer>, ApiError>>;
}

#[derive(Debug, Clone)]
pub struct CatalogueOverMtls {
    client: PeerClient,
}

impl CatalogueOverMtls {
    pub fn new(base: Url, identity: &Identity) -> Result<Self, TlsError> {
        let client = PeerClient::new(base, "catalog", identity, TIMEOUT)?;
        Ok(Self { client })
    }

    async fn ask(
        &self,
        tour_id: Uuid,
        context: &RequestContext,
    ) -> Result<Option<Offer>, ApiError> {
        let path = format!("/internal/tours/{tour_id}");
        let request = self.client.request(Method::GET, &path, context);
        let response = self.client.send(request).await?;
        match response.status() {
            StatusCode::OK => {
                let tour: TourBody = PeerClient::json(response).await?;
                tour.into_offer(tour_id).map(Some)
            }
            StatusCode::NOT_FOUND => Ok(None),
            status => Err(nonsense(format_args!("catalog answered {status}"))),
        }
    }
}

impl Catalogue for CatalogueOverMtls {
    fn offer<'a>(
        &'a self,
        tour_id: Uuid,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Option<Offer>, ApiError>> {
        Box::pin(self.ask(tour_id, context))
    }
}

/// The catalogue's answer on the wire.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TourBody {
    id: Uuid,
    title: TitleBody,
    price_cents: i64,
    currency: String,
    capacity_per_day: i64,
    status: StatusBody,
}

#[derive(Debug, Deserialize)]
struct TitleBody {
    fr: String,
    en: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StatusBody {
    Offered,
    Withdrawn,
}

impl TourBody {
    fn into_offer(self, asked: Uuid) -> Result<Offer, ApiError> {
        let offer = Offer {
            tour_id: self.id,
            title: Title {
                fr: self.title.fr,
                en: self.title.en,
            },
            price_cents: self.price_cents,
            currency: self.currency,
            capacity_per_day: self.capacity_per_day,
            status: match self.status {
                StatusBody::Offered => OfferStatus::Offered,
                StatusBody::Withdrawn => OfferStatus::Withdrawn,
            },
        };
        if offer.tour_id != asked || !offer.is_plausible() {
            return Err(nonsense(format_args!(
                "catalog's answer for tour {asked} makes no sense"
            )));
        }
        Ok(offer)
    }
}

fn nonsense(cause: std::fmt::Arguments<'_>) -> ApiError {
    ApiError::new(Code::BadGateway).because(cause)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(price_cents: i64) -> TourBody {
        let body = json!({
            "id": Uuid::nil(), "title": {"fr": "Le vieux port", "en": "The old harbour"},
            "priceCents": price_cents, "currency": "EUR", "capacityPerDay": 20, "status": "withdrawn",
        });
        serde_json::from_value(body).expect("the agreed answer")
    }

    #[test]
    fn the_agreed_answer_is_an_offer() {
        let offer = read(4_500).into_offer(Uuid::nil()).expect("an offer");
        assert_eq!(offer.price_cents, 4_500);
        assert_eq!(offer.status, OfferStatus::Withdrawn);
    }

    /// Proves: API10:2023
    #[test]
    fn an_answer_about_another_tour_or_without_sense_is_a_bad_gateway() {
        let other = read(4_500).into_offer(Uuid::from_u128(1));
        assert_eq!(other.expect_err("another tour").code, Code::BadGateway);
        let negative = read(-1).into_offer(Uuid::nil());
        assert_eq!(negative.expect_err("below zero").code, Code::BadGateway);
    }
}
