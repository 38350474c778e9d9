#include "platform/net/tls_server.h"

#include "events/base/check.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <ctime>
#include <fstream>
#include <system_error>
#include <utility>

namespace network {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

/// Name, MAC key and cipher key of session tickets, as OpenSSL 3 keeps them.
constexpr std::size_t ticket_key_bytes = 80;
/// A device uses one at a time; two, OpenSSL's default, cost 250 bytes more in each handshake.
constexpr std::size_t tickets_a_handshake = 1;

std::string openssl_words() {
  const char* const text = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return text == nullptr ? "OpenSSL does not say why" : text;
}

Result<void> check_readable(const std::filesystem::path& path) {
  std::error_code code;
  const bool is_file = std::filesystem::is_regular_file(path, code);
  if (!is_file) return Error{ErrorCode::io_failed, path.string() + ": there is no such file"};
  if (!std::ifstream(path)) {
    return Error{ErrorCode::io_failed, path.string() + ": the server may not read it"};
  }
  return {};
}

/// A group of its own may read the key of a certificate, as distributions arrange it; everybody
/// not.
Result<void> check_kept(const std::filesystem::path& key) {
  std::error_code code;
  const auto modes = std::filesystem::status(key, code).permissions();
  const bool is_open = (modes & std::filesystem::perms::others_all) != std::filesystem::perms::none;
  if (code || !is_open) return {};
  return Error{ErrorCode::not_permitted,
               key.string() +
                   ": every user of this machine may read this key; if nobody has, run: "
                   "chmod o= " +
                   key.string()};
}

std::chrono::sys_seconds seconds_of(const ASN1_TIME* time) {
  std::tm parts{};
  const int read = ASN1_TIME_to_tm(time, &parts);
  CHECK(read == 1, "OpenSSL took the certificate, so its days can be read");
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts)));
}

void keep_ticket_keys(ssl_ctx_st* from, ssl_ctx_st* to) {
  std::array<unsigned char, ticket_key_bytes> keys{};
  if (SSL_CTX_get_tlsext_ticket_keys(from, keys.data(), keys.size()) == 1) {
    SSL_CTX_set_tlsext_ticket_keys(to, keys.data(), keys.size());
  }
}

}  // namespace

Result<std::unique_ptr<TlsServer>> TlsServer::open(std::filesystem::path certificate,
                                                   std::filesystem::path key) {
  std::unique_ptr<TlsServer> server(new TlsServer(std::move(certificate), std::move(key)));
  if (Result<void> done = server->reload(); !done) return done.error();
  return server;
}

Result<void> TlsServer::reload() {
  const Times before = times();
  Result<Context> fresh = load();
  const std::lock_guard lock(mutex_);
  read_ = before;
  if (!fresh) return fresh.error();
  if (context_) keep_ticket_keys(context_.get(), fresh->get());
  context_ = std::move(*fresh);
  return {};
}

Result<TlsServer::Context> TlsServer::load() const {
  for (const std::filesystem::path& path : {certificate_, key_}) {
    if (Result<void> readable = check_readable(path); !readable) return readable.error();
  }
  if (Result<void> kept = check_kept(key_); !kept) return kept.error();
  ERR_clear_error();
  const Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  CHECK(context, "OpenSSL has memory for one more context");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_num_tickets(context.get(), tickets_a_handshake);
  // Sessions are in the tickets, which the devices keep; the server remembers none.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  static constexpr std::array<unsigned char, 9> session_context{'k', 'h', 'u', 'y', 'e',
                                                                'n', 'h', 'o', 'c'};
  SSL_CTX_set_session_id_context(context.get(), session_context.data(), session_context.size());

  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_.c_str()) != 1) {
    return Error{ErrorCode::invalid_argument,
                 certificate_.string() + ": no certificate in PEM (" + openssl_words() + ")"};
  }
  // Without a question for a pass phrase, which nobody would answer.
  SSL_CTX_set_default_passwd_cb(context.get(), [](char*, int, int, void*) { return 0; });
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_.c_str(), SSL_FILETYPE_PEM) != 1) {
    const unsigned long reason = ERR_peek_last_error();
    const bool is_other = ERR_GET_REASON(reason) == X509_R_KEY_VALUES_MISMATCH;
    const std::string why = is_other ? ": the key does not belong to " + certificate_.string()
                                     : ": no private key in PEM without a pass phrase";
    return Error{ErrorCode::invalid_argument, key_.string() + why + " (" + openssl_words() + ")"};
  }
  if (SSL_CTX_check_private_key(context.get()) != 1) {
    return Error{ErrorCode::invalid_argument,
                 key_.string() + ": the key does not belong to " + certificate_.string()};
  }
  return context;
}

TlsServer::Times TlsServer::times() const {
  std::error_code ignored;
  return {std::filesystem::last_write_time(certificate_, ignored),
          std::filesystem::last_write_time(key_, ignored)};
}

bool TlsServer::files_changed() const {
  const Times now = times();
  const std::lock_guard lock(mutex_);
  return now != read_;
}

SslPointer TlsServer::accept() const {
  const std::lock_guard lock(mutex_);
  SslPointer ssl(SSL_new(context_.get()));
  CHECK(ssl, "OpenSSL has memory for one more connection");
  SSL_set_accept_state(ssl.get());
  return ssl;
}

TlsServer::Validity TlsServer::validity() const {
  const std::lock_guard lock(mutex_);
  const X509* const certificate = SSL_CTX_get0_certificate(context_.get());
  return {seconds_of(X509_get0_notBefore(certificate)),
          seconds_of(X509_get0_notAfter(certificate))};
}

std::string TlsServer::valid_until() const {
  const std::lock_guard lock(mutex_);
  const std::unique_ptr<BIO, int (*)(BIO*)> text(BIO_new(BIO_s_mem()), BIO_free);
  ASN1_TIME_print(text.get(), X509_get0_notAfter(SSL_CTX_get0_certificate(context_.get())));
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace network
