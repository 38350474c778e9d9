#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/crypto/digest.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server {

/// The most tokens that are not revoked.  One that has ended counts until it is revoked, so that a
/// wrong clock can neither make room nor take a token out of the file.
inline constexpr std::size_t tokens_max = 1'000;
/// The most revoked tokens that are kept, for the list: those revoked last.  A text of one that was
/// forgotten is unknown, and refused as well.
inline constexpr std::size_t revoked_tokens_max = 1'000;
inline constexpr std::size_t token_name_bytes_max = 100;
inline constexpr std::uint32_t token_days_max = 1'100;
/// What a token begins with, so that programs that look for lost secrets find it.
inline constexpr std::string_view token_prefix = "kht_";

/// A bearer token as the server keeps it: not the token, only its digest.
struct ApiToken {
  std::uint32_t number{};  ///< From 1; never given twice.
  std::string name;        ///< Who has it, in the operator's words.
  events::UnitId unit;     ///< It reads this unit and below; none: the whole log.
  events::Timestamp made_at;
  events::Timestamp valid_until;  ///< The first moment at which it does not hold.
  events::Timestamp revoked_at;   ///< 0: it is not.
  events::Digest digest;          ///< SHA-256 of the 32 random bytes.
};

/// Bearer tokens of other systems.
///
/// State: the tokens, in memory and in a file of the data directory that only its owner may read,
///        one line of JSON a token, at most tokens_max + revoked_tokens_max.
/// Thread: any; `find` and `all` do not wait for the disk.
class TokenStore {
 public:
  /// Reads the file; a missing one has no tokens.
  /// Errors: storage_corrupt: a line is not a token; not_permitted: other users may read the file;
  ///         io_failed.
  static events::Result<std::vector<ApiToken>> read(const std::filesystem::path& path);

  TokenStore(std::filesystem::path path, std::vector<ApiToken> tokens)
      : path_(std::move(path)), tokens_(std::move(tokens)) {}

  /// A new token, which is told this once.
  struct Made {
    ApiToken token;
    std::string text;  ///< "kht_" and 43 letters and digits: 256 random bits.
  };
  /// On return it survives a power cut.
  /// Errors: invalid_argument: the name is empty, too long or has control characters, or the days
  ///         are not 1 to token_days_max; too_large: tokens_max are not revoked; storage_failed.
  events::Result<Made> add(const std::string& name, events::UnitId unit, std::uint32_t valid_days,
                           events::Timestamp now);
  /// On return it survives a power cut.  A token that was revoked before stays as it is.
  /// Errors: not_found; storage_failed.
  events::Result<ApiToken> revoke(std::uint32_t number, events::Timestamp now);
  std::vector<ApiToken> all() const;

  /// Why a text is no token that holds.
  enum class Fault : std::uint8_t { malformed, unknown, expired, revoked };
  struct Found {
    std::optional<ApiToken> token;  ///< Also with a fault, when the text is that token.
    std::optional<Fault> fault;
  };
  Found find(std::string_view text, events::Timestamp now) const;

 private:
  /// Writes the tokens down, and only then has them.
  /// Expects: `changing_` is held.
  events::Result<void> replace_by(std::vector<ApiToken> tokens);

  const std::filesystem::path path_;
  std::mutex changing_;           ///< One change at a time; held while the file is written.
  mutable std::mutex mutex_;      ///< Guards tokens_, which change only under both.
  std::vector<ApiToken> tokens_;  ///< Ascending by number; the last one given is always there.
};

/// "unknown_token", for the log.
std::string_view name_of(TokenStore::Fault fault);

}  // namespace server
