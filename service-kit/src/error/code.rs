//! Every reason for which Escale refuses or fails: its status, its name on the wire, its text in both languages.
//!
//! The French texts of L2, L4, L6-L8, L10 and J1, J2 are the course's own and part of the contract.

use http::StatusCode;

use super::Language;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    // 400: the request cannot be understood
    MalformedRequest,
    MalformedJson,
    AmbiguousPath,
    AmbiguousHeader,
    HttpsRequired,
    IdempotencyKeyMissing,
    IdempotencyKeyInvalid,
    // 400: it is understood, and its values are wrong
    InvalidData,
    InvalidBooking,
    InvalidQuery,
    InvalidCursor,
    // 401: who are you
    AuthorizationMissing,
    TokenMissing,
    TokenExpired,
    TokenInvalid,
    CredentialsInvalid,
    RefreshTokenInvalid,
    ApiKeyInvalid,
    IdentityMissing,
    // 402: the bank said no
    CardDeclined,
    InsufficientFunds,
    CardTokenUnknown,
    // 403: you may not
    InsufficientScope,
    RoleRequired,
    CallerNotAllowed,
    // 404 and 405
    NotFound,
    RouteNotFound,
    MethodNotAllowed,
    // 406 to 428
    NotAcceptable,
    RequestTimeout,
    PseudoTaken,
    EmailTaken,
    SoldOut,
    TooManyHolds,
    TooManyApiKeys,
    TourWithdrawn,
    BookingNotPayable,
    BookingNotCancellable,
    AlreadyPaid,
    AmountMismatch,
    IdempotencyKeyReused,
    PreconditionFailed,
    PreconditionRequired,
    BodyTooLarge,
    UriTooLong,
    UnsupportedMediaType,
    HeadersTooLarge,
    // 429
    TooManyRequests,
    EndpointLimitReached,
    DailyQuotaExceeded,
    Jailed,
    // 5xx: ours
    Internal,
    MethodNotImplemented,
    VersionNotSupported,
    BadGateway,
    ServiceUnavailable,
    AuditUnavailable,
    UpstreamTimeout,
    Overloaded,
}

/// One row of the table below.
struct Row(u16, &'static str, &'static str, &'static str);

impl Code {
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().0).expect("the table holds valid statuses")
    }

    /// The stable name that programs compare: `token_expired`.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    pub fn message(self, language: Language) -> &'static str {
        let Row(_, _, french, english) = self.row();
        language.pick(french, english)
    }

    #[rustfmt::skip]
    fn row(self) -> Row {
        match self {
            Self::MalformedRequest => Row(400, "malformed_request", "Requête malformée", "Malformed request"),
            Self::MalformedJson => Row(400, "malformed_json", "Corps JSON illisible", "The JSON body cannot be read"),
            Self::AmbiguousPath => Row(400, "ambiguous_path", "Chemin ambigu", "Ambiguous path"),
            Self::AmbiguousHeader => Row(400, "ambiguous_header", "En-tête ambigu", "Ambiguous header"),
            Self::HttpsRequired => Row(400, "https_required", "Ce port parle HTTPS : utilisez https://", "This port speaks HTTPS: use https://"),
            Self::IdempotencyKeyMissing => Row(400, "idempotency_key_missing", "En-tête Idempotency-Key manquant", "Idempotency-Key header missing"),
            Self::IdempotencyKeyInvalid => Row(400, "idempotency_key_invalid", "Idempotency-Key invalide (1 à 255 caractères ASCII visibles)", "Invalid Idempotency-Key (1 to 255 visible ASCII characters)"),

            Self::InvalidData => Row(400, "invalid_data", "Données invalides", "Invalid data"),
            Self::InvalidBooking => Row(400, "invalid_booking", "Données de réservation invalides", "Invalid booking data"),
            Self::InvalidQuery => Row(400, "invalid_query", "Paramètres de recherche invalides", "Invalid query parameters"),
            Self::InvalidCursor => Row(400, "invalid_cursor", "Curseur de pagination invalide", "Invalid page cursor"),

            Self::AuthorizationMissing => Row(401, "authorization_missing", "Authorization header manquant", "Authorization header missing"),
            Self::TokenMissing => Row(401, "token_missing", "Token manquant", "Token missing"),
            Self::TokenExpired => Row(401, "token_expired", "Token expiré", "Token expired"),
            Self::TokenInvalid => Row(401, "token_invalid", "Token invalide", "Invalid token"),
            Self::CredentialsInvalid => Row(401, "credentials_invalid", "Identifiants invalides", "Invalid credentials"),
            Self::RefreshTokenInvalid => Row(401, "refresh_token_invalid", "Jeton de rafraîchissement invalide", "Invalid refresh token"),
            Self::ApiKeyInvalid => Row(401, "api_key_invalid", "Clé d'API inconnue, expirée ou révoquée", "API key unknown, expired or revoked"),
            Self::IdentityMissing => Row(401, "identity_missing", "Identité de l'appelant manquante", "The caller's identity is missing"),

            Self::CardDeclined => Row(402, "card_declined", "Carte refusée", "Card declined"),
            Self::InsufficientFunds => Row(402, "insufficient_funds", "Provision insuffisante", "Insufficient funds"),
            Self::CardTokenUnknown => Row(402, "card_token_unknown", "Jeton de carte inconnu de la banque", "The bank does not know this card token"),

            Self::InsufficientScope => Row(403, "insufficient_scope", "Droits insuffisants : scope manquant", "Insufficient rights: scope missing"),
            Self::RoleRequired => Row(403, "role_required", "Droits insuffisants", "Insufficient rights"),
            Self::CallerNotAllowed => Row(403, "caller_not_allowed", "Service appelant non autorisé", "Calling service not allowed"),

            Self::NotFound => Row(404, "not_found", "Ressource introuvable", "Resource not found"),
            Self::RouteNotFound => Row(404, "route_not_found", "Route inconnue", "Unknown route"),
            Self::MethodNotAllowed => Row(405, "method_not_allowed", "Méthode non autorisée", "Method not allowed"),

            Self::NotAcceptable => Row(406, "not_acceptable", "Type de réponse non disponible", "Type of answer not available"),
            Self::RequestTimeout => Row(408, "request_timeout", "Requête trop lente", "The request took too long"),
            Self::PseudoTaken => Row(409, "pseudo_taken", "Ce pseudo est déjà pris", "This pseudo is already taken"),
            Self::EmailTaken => Row(409, "email_taken", "Cette adresse e-mail a déjà un compte", "This e-mail address already has an account"),
            Self::SoldOut => Row(409, "sold_out", "Plus assez de places à cette date", "Not enough seats left on this date"),
            Self::TooManyHolds => Row(409, "too_many_holds", "Trop de réservations en attente de paiement", "Too many bookings waiting for payment"),
            Self::TooManyApiKeys => Row(409, "too_many_api_keys", "Trop de clés d'API : révoquez-en une d'abord", "Too many API keys: revoke one first"),
            Self::TourWithdrawn => Row(409, "tour_withdrawn", "Ce circuit n'est plus proposé", "This tour is no longer offered"),
            Self::BookingNotPayable => Row(409, "booking_not_payable", "Cette réservation ne peut pas être payée", "This booking cannot be paid"),
            Self::BookingNotCancellable => Row(409, "booking_not_cancellable", "Cette réservation ne peut plus être annulée", "This booking can no longer be cancelled"),
            Self::AlreadyPaid => Row(409, "already_paid", "Un paiement existe déjà pour cette réservation", "A payment already exists for this booking"),
            Self::AmountMismatch => Row(409, "amount_mismatch", "Le montant ne correspond pas", "The amount does not match"),
            Self::PreconditionFailed => Row(412, "precondition_failed", "La ressource a changé entre-temps", "The resource has changed in the meantime"),
            Self::BodyTooLarge => Row(413, "body_too_large", "Corps de requête trop volumineux", "Request body too large"),
            Self::UriTooLong => Row(414, "uri_too_long", "URL trop longue", "URL too long"),
            Self::UnsupportedMediaType => Row(415, "unsupported_media_type", "Type de contenu non pris en charge", "Unsupported content type"),
            Self::IdempotencyKeyReused => Row(422, "idempotency_key_reused", "Cette Idempotency-Key a servi pour une autre requête", "This Idempotency-Key was used for another request"),
            Self::PreconditionRequired => Row(428, "precondition_required", "En-tête If-Match requis", "If-Match header required"),
            Self::HeadersTooLarge => Row(431, "headers_too_large", "En-têtes trop volumineux", "Headers too large"),

            Self::TooManyRequests => Row(429, "too_many_requests", "Trop de requêtes, veuillez réessayer plus tard", "Too many requests, please try again later"),
            Self::EndpointLimitReached => Row(429, "endpoint_limit_reached", "Limite atteinte pour cet endpoint", "Limit reached for this endpoint"),
            Self::DailyQuotaExceeded => Row(429, "daily_quota_exceeded", "Quota journalier dépassé", "Daily quota exceeded"),
            Self::Jailed => Row(429, "jailed", "Trop de tentatives : accès suspendu", "Too many attempts: access suspended"),

            Self::Internal => Row(500, "internal", "Erreur interne", "Internal error"),
            Self::MethodNotImplemented => Row(501, "method_not_implemented", "Méthode HTTP inconnue", "Unknown HTTP method"),
            Self::VersionNotSupported => Row(505, "version_not_supported", "Version de HTTP non prise en charge : utilisez HTTP/1.1 ou HTTP/2", "HTTP version not supported: use HTTP/1.1 or HTTP/2"),
            Self::BadGateway => Row(502, "bad_gateway", "Réponse inattendue d'un service", "Unexpected answer from a service"),
            Self::ServiceUnavailable => Row(503, "service_unavailable", "Service indisponible", "Service unavailable"),
            Self::AuditUnavailable => Row(503, "audit_unavailable", "Cette action est momentanément impossible", "This action is not possible at the moment"),
            Self::Overloaded => Row(503, "overloaded", "Service surchargé", "Service overloaded"),
            Self::UpstreamTimeout => Row(504, "upstream_timeout", "Le service n'a pas répondu à temps", "The service did not answer in time"),
        }
    }
}
