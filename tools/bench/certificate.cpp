#include "tools/bench/certificate.h"

#include "events/base/check.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

namespace bench {
namespace {

using KeyPointer = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using CertificatePointer = std::unique_ptr<X509, void (*)(X509*)>;

constexpr long seconds_per_day = 24L * 60 * 60;

void add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  CHECK(extension != nullptr, "the values are written right");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

CertificatePointer make(EVP_PKEY* key, const char* name, const char* issuer, long serial,
                        int from_day, int to_day) {
  CertificatePointer certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_day * seconds_per_day);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), to_day * seconds_per_day);
  X509_set_pubkey(certificate.get(), key);
  const auto add_name = [](X509_NAME* target, const char* text) {
    X509_NAME_add_entry_by_txt(target, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(text), -1, -1, 0);
  };
  add_name(X509_get_subject_name(certificate.get()), name);
  add_name(X509_get_issuer_name(certificate.get()), issuer);
  return certificate;
}

template <class Write>
void write_pem(const std::filesystem::path& path, Write write) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "w"),
                                                             std::fclose);
  CHECK(file != nullptr && write(file.get()) == 1, "scratch space takes a certificate");
}

}  // namespace

Certificate make_certificate(const std::filesystem::path& directory, int from_day, int to_day,
                             const char* names) {
  std::filesystem::create_directories(directory);
  const KeyPointer authority_key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const KeyPointer key(EVP_EC_gen("P-256"), EVP_PKEY_free);

  constexpr const char* authority_name = "khuyenhoc test authority";
  const CertificatePointer authority =
      make(authority_key.get(), authority_name, authority_name, 1, -1, 3650);
  add_extension(authority.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(authority.get(), authority_key.get(), EVP_sha256());

  const CertificatePointer server =
      make(key.get(), "localhost", authority_name, 2, from_day, to_day);
  add_extension(server.get(), NID_subject_alt_name, names);
  X509_sign(server.get(), authority_key.get(), EVP_sha256());

  Certificate made{.certificate = directory / "server.crt",
                   .key = directory / "server.key",
                   .authority = directory / "ca.crt",
                   .authority_pem = {}};
  write_pem(made.certificate, [&](std::FILE* file) { return PEM_write_X509(file, server.get()); });
  write_pem(made.authority, [&](std::FILE* file) { return PEM_write_X509(file, authority.get()); });
  write_pem(made.key, [&](std::FILE* file) {
    return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  using std::filesystem::perms;
  std::filesystem::permissions(made.key, perms::owner_read | perms::owner_write);
  std::ostringstream pem;
  pem << std::ifstream(made.authority).rdbuf();
  made.authority_pem = pem.str();
  return made;
}

}  // namespace bench
