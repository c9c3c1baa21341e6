//! The payment service's port to the bank, with the bank in the same process.

use axum::Router;
use futures_util::future::BoxFuture;
use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use service_kit::context::RequestContext;
use tower::ServiceExt;
use uuid::Uuid;

use super::order_body;
use crate::peers::charge_answer::{read_authorisation, read_capture, read_refund};
use crate::ports::{Authorisation, Bank, Capture, ChargeOrder, NotKnown};
use crate::testing::internal;

/// The bank behind its real routes, read by the real reader, with no network between.
pub(super) struct InProcess(pub Router);

impl InProcess {
    async fn post<A: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        body: Option<Value>,
    ) -> Result<(StatusCode, A), NotKnown> {
        let request = internal("payment", "POST", path, body.as_ref());
        let response = self.0.clone().oneshot(request).await.expect("infallible");
        let status = response.status();
        let lost = |error: String| NotKnown(error);
        let bytes = axum::body::to_bytes(response.into_body(), 1_024).await;
        let bytes = bytes.map_err(|error| lost(error.to_string()))?;
        let answer = serde_json::from_slice(&bytes).map_err(|error| lost(error.to_string()))?;
        Ok((status, answer))
    }
}

impl Bank for InProcess {
    fn authorise<'a>(
        &'a self,
        order: ChargeOrder,
        card_token: &'a SecretString,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Authorisation, NotKnown>> {
        Box::pin(async move {
            let body = order_body(order.reference, card_token.expose_secret());
            let (status, answer) = self.post("/charges", Some(body)).await?;
            read_authorisation(order, status, answer)
        })
    }

    fn capture<'a>(
        &'a self,
        order: ChargeOrder,
        charge_id: Uuid,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Capture, NotKnown>> {
        Box::pin(async move {
            let path = format!("/charges/{charge_id}/capture");
            let (status, answer) = self.post(&path, None).await?;
            read_capture(order, charge_id, status, answer)
        })
    }

    fn refund<'a>(
        &'a self,
        order: ChargeOrder,
        charge_id: Uuid,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<(), NotKnown>> {
        Box::pin(async move {
            let path = format!("/charges/{charge_id}/refund");
            let (status, answer) = self.post(&path, None).await?;
            read_refund(order, charge_id, status, answer)
        })
    }
}
