//! What is spoken on every line (L13, R12): which versions, which cipher suites, which protocol above TLS.
//!
//! Both sides take it from here, the listener ([`super::server`]) and the client ([`super::client`]): a line is as
//! strong as the weaker of the two. Lab 07 teaches it.

use std::sync::Arc;

use rustls::SupportedProtocolVersion;
use rustls::crypto::CryptoProvider;
use rustls::version::{TLS12, TLS13};

use super::Face;

/// The platform's one crypto provider, aws-lc-rs, with the suites that it offers by itself: each of them encrypts,
/// authenticates and has forward secrecy. A recording is of no use to who steals a key later on.
pub(super) fn provider() -> Arc<CryptoProvider> {
    let mut provider = rustls::crypto::aws_lc_rs::default_provider();
    // Encryption first; the other one only for who has nothing else.
    provider.cipher_suites.push(integrity_only::suite());
    Arc::new(provider)
}

/// What a listener takes. Old clients are a matter of the public face, and there of a setting; between services there
/// are none.
pub(super) fn accepted(face: Face, with_tls12: bool) -> Vec<&'static SupportedProtocolVersion> {
    match face {
        Face::Public if with_tls12 => vec![&TLS13, &TLS12],
        _ => vec![&TLS13],
    }
}

/// What a client offers to another service.
pub(super) fn offered() -> Vec<&'static SupportedProtocolVersion> {
    vec![&TLS13]
}

/// HTTP/2 first (RFC 7301). Without an agreement there, an answer could be read as another protocol's.
pub(super) fn alpn() -> Vec<Vec<u8>> {
    vec![b"h2".to_vec(), b"http/1.1".to_vec()]
}

/// TLS_SHA256_SHA256 of RFC 9150: what is sent is signed, and left in clear. For old machines.
mod integrity_only {
    use std::sync::LazyLock;

    use aws_lc_rs::hmac;
    use rustls::crypto::cipher::{
        AeadKey, InboundOpaqueMessage, InboundPlainMessage, Iv, MessageDecrypter, MessageEncrypter,
        Nonce, OutboundOpaqueMessage, OutboundPlainMessage, PrefixedPayload, Tls13AeadAlgorithm,
        UnsupportedOperationError, make_tls13_aad,
    };
    use rustls::crypto::{CipherSuiteCommon, aws_lc_rs::cipher_suite::TLS13_AES_128_GCM_SHA256};
    use rustls::{
        CipherSuite, ConnectionTrafficSecrets, ContentType, Error, ProtocolVersion,
        SupportedCipherSuite, Tls13CipherSuite,
    };

    const TAG: usize = 32;

    static SUITE: LazyLock<Tls13CipherSuite> = LazyLock::new(|| {
        let usual = TLS13_AES_128_GCM_SHA256.tls13().expect("it is of TLS 1.3");
        Tls13CipherSuite {
            common: CipherSuiteCommon {
                suite: CipherSuite::Unknown(0xc0b4),
                hash_provider: usual.common.hash_provider,
                confidentiality_limit: u64::MAX,
            },
            hkdf_provider: usual.hkdf_provider,
            aead_alg: &SignOnly,
            quic: None,
        }
    });

    pub(super) fn suite() -> SupportedCipherSuite {
        SupportedCipherSuite::Tls13(&SUITE)
    }

    struct SignOnly;

    struct Signer {
        key: hmac::Key,
        iv: Iv,
    }

    impl Signer {
        fn boxed(key: &AeadKey, iv: Iv) -> Box<Self> {
            let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_ref());
            Box::new(Self { key, iv })
        }

        fn tag(&self, sequence: u64, content: &[u8]) -> hmac::Tag {
            let mut context = hmac::Context::with_key(&self.key);
            context.update(&Nonce::new(&self.iv, sequence).0);
            context.update(&make_tls13_aad(content.len() + TAG));
            context.update(content);
            context.sign()
        }
    }

    impl Tls13AeadAlgorithm for SignOnly {
        fn encrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageEncrypter> {
            Signer::boxed(&key, iv)
        }

        fn decrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageDecrypter> {
            Signer::boxed(&key, iv)
        }

        fn key_len(&self) -> usize {
            32
        }

        fn extract_keys(
            &self,
            _: AeadKey,
            _: Iv,
        ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
            Err(UnsupportedOperationError)
        }
    }

    impl MessageEncrypter for Signer {
        fn encrypt(
            &mut self,
            message: OutboundPlainMessage<'_>,
            sequence: u64,
        ) -> Result<OutboundOpaqueMessage, Error> {
            let mut content = message.payload.to_vec();
            content.push(u8::from(message.typ));
            let mut payload = PrefixedPayload::with_capacity(content.len() + TAG);
            payload.extend_from_slice(&content);
            payload.extend_from_slice(self.tag(sequence, &content).as_ref());
            let (typ, version) = (ContentType::ApplicationData, ProtocolVersion::TLSv1_2);
            Ok(OutboundOpaqueMessage::new(typ, version, payload))
        }

        fn encrypted_payload_len(&self, length: usize) -> usize {
            length + 1 + TAG
        }
    }

    impl MessageDecrypter for Signer {
        fn decrypt<'a>(
            &mut self,
            mut message: InboundOpaqueMessage<'a>,
            sequence: u64,
        ) -> Result<InboundPlainMessage<'a>, Error> {
            let length = message.payload.len().checked_sub(TAG);
            let length = length.ok_or(Error::DecryptError)?;
            let (content, tag) = message.payload.split_at(length);
            if self.tag(sequence, content).as_ref() != tag {
                return Err(Error::DecryptError);
            }
            message.payload.truncate(length);
            message.into_tls13_unpadded_message()
        }
    }
}
