#include "server/api/token_store.h"

#include "events/crypto/base64url.h"
#include "events/crypto/secret_key.h"
#include "platform/random.h"
#include "platform/secret_file.h"
#include "server/api/id_text.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <system_error>
#include <utility>

namespace server {

namespace json = boost::json;
using events::Error;
using events::ErrorCode;
using events::Result;
using events::Timestamp;

namespace {

constexpr std::size_t secret_bytes = 32;

std::string line_of(const ApiToken& token) {
  json::object line;
  line["number"] = token.number;
  line["name"] = token.name;
  line["unit"] = to_string(token.unit);
  line["made_at"] = token.made_at.value;
  line["valid_until"] = token.valid_until.value;
  line["revoked_at"] = token.revoked_at.value;
  line["sha256"] = events::to_base64url(token.digest.bytes);
  return json::serialize(line) + "\n";
}

std::optional<ApiToken> token_of(std::string_view text) {
  boost::system::error_code wrong;
  const json::value line = json::parse(json::string_view(text.data(), text.size()), wrong);
  if (wrong || !line.is_object()) return std::nullopt;
  const json::object& fields = line.as_object();
  bool is_whole = true;
  const auto number = [&](const char* name) {
    const json::value* const field = fields.if_contains(name);
    boost::system::error_code not_number;
    const auto value =
        field == nullptr ? std::uint64_t{} : field->to_number<std::uint64_t>(not_number);
    is_whole = is_whole && field != nullptr && !not_number;
    return value;
  };
  const auto string = [&](const char* name) {
    const json::value* const field = fields.if_contains(name);
    is_whole = is_whole && field != nullptr && field->is_string();
    return is_whole ? std::string(field->as_string()) : std::string();
  };
  ApiToken token;
  token.number = static_cast<std::uint32_t>(number("number"));
  token.name = string("name");
  token.made_at = Timestamp{number("made_at")};
  token.valid_until = Timestamp{number("valid_until")};
  token.revoked_at = Timestamp{number("revoked_at")};
  const std::string unit = string("unit");
  const std::optional<events::EventId> id = unit == "-" ? events::EventId{} : read_id(unit);
  const Result<events::Bytes> digest = events::from_base64url(string("sha256"));
  if (!is_whole || !id || !digest || digest->size() != token.digest.bytes.size()) {
    return std::nullopt;
  }
  token.unit = events::UnitId{*id};
  std::ranges::copy(*digest, token.digest.bytes.begin());
  return token;
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= token_name_bytes_max &&
         std::ranges::none_of(name, [](char letter) {
           return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
         });
}

bool is_revoked(const ApiToken& token) { return token.revoked_at.value != 0; }

/// Takes out the tokens that were revoked first when there are too many; but not the last one, so
/// that no number is given twice.
void forget_first_revoked(std::vector<ApiToken>& tokens) {
  auto revoked = static_cast<std::size_t>(std::ranges::count_if(tokens, is_revoked));
  for (; revoked > revoked_tokens_max; --revoked) {
    auto first = tokens.end();
    for (auto each = tokens.begin(); each != std::prev(tokens.end()); ++each) {
      if (!is_revoked(*each)) continue;
      if (first == tokens.end() || each->revoked_at < first->revoked_at) first = each;
    }
    tokens.erase(first);
  }
}

}  // namespace

std::string_view name_of(TokenStore::Fault fault) {
  switch (fault) {
    case TokenStore::Fault::malformed:
      return "malformed_token";
    case TokenStore::Fault::unknown:
      return "unknown_token";
    case TokenStore::Fault::expired:
      return "expired_token";
    case TokenStore::Fault::revoked:
      return "revoked_token";
  }
  return "token";
}

Result<std::vector<ApiToken>> TokenStore::read(const std::filesystem::path& path) {
  std::vector<ApiToken> tokens;
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) return tokens;
  const Result<std::string> content = platform::read_secret(path);
  if (!content) return content.error();
  std::string_view rest = *content;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    std::optional<ApiToken> token = token_of(line);
    const std::uint32_t before = tokens.empty() ? 0 : tokens.back().number;
    if (!token || token->number <= before) {
      return Error{
          ErrorCode::storage_corrupt,
          path.string() + ": line " + std::to_string(tokens.size() + 1) + " is not a token"};
    }
    tokens.push_back(std::move(*token));
  }
  return tokens;
}

Result<void> TokenStore::replace_by(std::vector<ApiToken> tokens) {
  std::string content;
  for (const ApiToken& token : tokens) content += line_of(token);
  if (Result<void> kept = platform::replace_secret(path_, content); !kept) {
    return Error{ErrorCode::storage_failed, kept.error().message};
  }
  const std::scoped_lock lock(mutex_);
  tokens_ = std::move(tokens);
  return {};
}

Result<TokenStore::Made> TokenStore::add(const std::string& name, events::UnitId unit,
                                         std::uint32_t valid_days, Timestamp now) {
  if (!is_name(name)) {
    return Error{ErrorCode::invalid_argument, "a name has 1 to 100 bytes and no control character"};
  }
  if (valid_days == 0 || valid_days > token_days_max) {
    return Error{ErrorCode::invalid_argument, "a token holds from 1 to 1100 days"};
  }
  std::array<std::uint8_t, secret_bytes> secret{};
  platform::fill_random(secret);
  Made made;
  made.text = std::string(token_prefix) + events::to_base64url(secret);
  made.token = {.number = 1,
                .name = name,
                .unit = unit,
                .made_at = now,
                .valid_until = Timestamp{now.value + valid_days * events::milliseconds_per_day},
                .revoked_at = {},
                .digest = events::sha256(secret)};
  events::wipe(secret);
  const std::scoped_lock one_at_a_time(changing_);
  const auto revoked = static_cast<std::size_t>(std::ranges::count_if(tokens_, is_revoked));
  if (tokens_.size() - revoked >= tokens_max) {
    return Error{ErrorCode::too_large, "1000 tokens are not revoked; revoke those that have ended"};
  }
  if (!tokens_.empty()) made.token.number = tokens_.back().number + 1;
  std::vector<ApiToken> after = tokens_;
  after.push_back(made.token);
  if (Result<void> kept = replace_by(std::move(after)); !kept) return kept.error();
  return made;
}

Result<ApiToken> TokenStore::revoke(std::uint32_t number, Timestamp now) {
  const std::scoped_lock one_at_a_time(changing_);
  std::vector<ApiToken> after = tokens_;
  const auto found = std::ranges::find(after, number, &ApiToken::number);
  if (found == after.end()) {
    return Error{ErrorCode::not_found, "there is no token " + std::to_string(number)};
  }
  if (is_revoked(*found)) return *found;
  found->revoked_at = now;
  ApiToken revoked = *found;
  forget_first_revoked(after);
  if (Result<void> kept = replace_by(std::move(after)); !kept) return kept.error();
  return revoked;
}

std::vector<ApiToken> TokenStore::all() const {
  const std::scoped_lock lock(mutex_);
  return tokens_;
}

TokenStore::Found TokenStore::find(std::string_view text, Timestamp now) const {
  if (!text.starts_with(token_prefix)) return {std::nullopt, Fault::malformed};
  const Result<events::Bytes> secret = events::from_base64url(text.substr(token_prefix.size()));
  if (!secret || secret->size() != secret_bytes) return {std::nullopt, Fault::malformed};
  const events::Digest digest = events::sha256(*secret);
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(tokens_, digest, &ApiToken::digest);
  if (found == tokens_.end()) return {std::nullopt, Fault::unknown};
  if (is_revoked(*found)) return {*found, Fault::revoked};
  if (now >= found->valid_until) return {*found, Fault::expired};
  return {*found, std::nullopt};
}

}  // namespace server
