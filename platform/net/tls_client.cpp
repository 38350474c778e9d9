#include "platform/net/tls_client.h"

#include "events/base/check.h"

#include <boost/asio/ip/address.hpp>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace network {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

std::string bytes_of_session(SSL_SESSION* session) {
  std::string bytes(static_cast<std::size_t>(i2d_SSL_SESSION(session, nullptr)), '\0');
  auto* end = reinterpret_cast<unsigned char*>(bytes.data());
  i2d_SSL_SESSION(session, &end);
  return bytes;
}

}  // namespace

TlsClient::TlsClient() : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
  CHECK(context_, "OpenSSL has memory for one more context");
  ssl_ctx_st* const context = context_.get();
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_app_data(context, this);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, [](SSL* ssl, SSL_SESSION* session) {
    auto* const self = static_cast<TlsClient*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    self->ticket_ = bytes_of_session(session);
    return 0;  // OpenSSL keeps the reference.
  });
}

TlsClient::~TlsClient() = default;

Result<std::unique_ptr<TlsClient>> TlsClient::make(const std::string& authorities) {
  std::unique_ptr<TlsClient> client(new TlsClient());
  if (Result<void> trusted = client->trust(authorities); !trusted) return trusted.error();
  return client;
}

Result<void> TlsClient::trust(const std::string& authorities) {
  if (authorities.empty()) {
    SSL_CTX_set_default_verify_paths(context_.get());
    return {};
  }
  const std::unique_ptr<BIO, int (*)(BIO*)> text(
      BIO_new_mem_buf(authorities.data(), static_cast<int>(authorities.size())), BIO_free);
  int count = 0;
  for (;; ++count) {
    const std::unique_ptr<X509, void (*)(X509*)> root(
        PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), X509_free);
    if (!root) break;
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), root.get());
  }
  ERR_clear_error();
  if (count == 0) return Error{ErrorCode::invalid_argument, "no certificate in PEM"};
  return {};
}

SslPointer TlsClient::connect(const std::string& host, const std::string& session) {
  SslPointer ssl(SSL_new(context_.get()));
  CHECK(ssl, "OpenSSL has memory for one more connection");
  SSL_set_connect_state(ssl.get());
  error_code no_address;
  asio::ip::make_address(host, no_address);
  if (no_address) {
    SSL_set_tlsext_host_name(ssl.get(), host.c_str());
    SSL_set1_host(ssl.get(), host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host.c_str());
  }
  const auto* begin = reinterpret_cast<const unsigned char*>(session.data());
  const std::unique_ptr<SSL_SESSION, void (*)(SSL_SESSION*)> known(
      d2i_SSL_SESSION(nullptr, &begin, static_cast<long>(session.size())), SSL_SESSION_free);
  if (known) SSL_set_session(ssl.get(), known.get());
  ERR_clear_error();
  return ssl;
}

bool failed_for_its_time(const Transport& transport) {
  if (transport.ssl() == nullptr) return false;
  const long verified = SSL_get_verify_result(transport.ssl());
  return verified == X509_V_ERR_CERT_NOT_YET_VALID || verified == X509_V_ERR_CERT_HAS_EXPIRED;
}

bool failed_for_certificate(const Transport& transport) {
  return transport.ssl() != nullptr && SSL_get_verify_result(transport.ssl()) != X509_V_OK;
}

}  // namespace network
