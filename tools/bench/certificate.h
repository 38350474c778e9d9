#pragma once

#include <filesystem>
#include <string>

namespace bench {

/// A server's certificate with its own small authority, for benches and tests.
struct Certificate {
  std::filesystem::path certificate;  ///< PEM.
  std::filesystem::path key;          ///< PEM, without a pass phrase.
  std::filesystem::path authority;    ///< PEM: what devices are to trust.
  std::string authority_pem;
};

/// Makes them in `directory`: ECDSA on P-256, for `names`, valid from `from_day` to `to_day` from
/// now.
Certificate make_certificate(const std::filesystem::path& directory, int from_day = -1,
                             int to_day = 30, const char* names = "DNS:localhost,IP:127.0.0.1");

}  // namespace bench
