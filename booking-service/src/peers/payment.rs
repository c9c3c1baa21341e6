//! Payment: takes the orders to give money back.

use std::time::Duration;

use futures_util::future::BoxFuture;
use http::Method;
use serde_json::json;
use service_kit::client::PeerClient;
use service_kit::context::RequestContext;
use service_kit::error::{ApiError, Code};
use service_kit::tls::{Identity, TlsError};
use url::Url;

use crate::domain::RefundOrder;

/// Nobody waits for this call but the next order.
const TIMEOUT: Duration = Duration::from_secs(10);

pub trait Refunds: Send + Sync {
    /// Hands an order over. An order may be handed over more than once; payment acts on it once.
    ///
    /// # Errors
    /// Anything but a clear yes: the order will be sent again.
    fn order<'a>(&'a self, order: &'a RefundOrder) -> BoxFuture<'a, Result<(), ApiError>>;
}

#[derive(Debug, Clone)]
pub struct PaymentOverMtls {
    client: PeerClient,
}

impl PaymentOverMtls {
    pub fn new(base: Url, identity: &Identity) -> Result<Self, TlsError> {
        let client = PeerClient::new(base, "payment", identity, TIMEOUT)?;
        Ok(Self { client })
    }

    async fn send(&self, order: &RefundOrder) -> Result<(), ApiError> {
        let context = RequestContext::begin();
        let body = json!({"bookingId": order.booking_id, "paymentId": order.payment_id});
        let request = self
            .client
            .request(Method::POST, "/internal/refunds", &context)
            .json(&body);
        let status = self.client.send(request).await?.status();
        if status.is_success() {
            return Ok(());
        }
        Err(ApiError::new(Code::BadGateway).because(format_args!("payment answered {status}")))
    }
}

impl Refunds for PaymentOverMtls {
    fn order<'a>(&'a self, order: &'a RefundOrder) -> BoxFuture<'a, Result<(), ApiError>> {
        Box::pin(self.send(order))
    }
}
