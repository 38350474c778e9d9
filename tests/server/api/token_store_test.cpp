#include "server/api/token_store.h"

#include "tests/e2e/scratch_directory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace server {
namespace {

using events::ErrorCode;
using events::Timestamp;

constexpr Timestamp noon{1'800'000'000'000};
const events::UnitId commune{events::EventId{events::ChainNumber{2}, 5}};

class TokenStoreTest : public testing::Test {
 protected:
  std::filesystem::path path() const { return scratch_ / "api.tokens"; }
  TokenStore reopened() const {
    auto tokens = TokenStore::read(path());
    EXPECT_TRUE(tokens) << tokens.error().message;
    return {path(), tokens ? std::move(*tokens) : std::vector<ApiToken>{}};
  }

  e2e::ScratchDirectory scratch_;
  TokenStore store_{path(), {}};
};

TEST_F(TokenStoreTest, ATokenIsFoundAgainAlsoAfterARestart) {
  const auto made = store_.add("Cổng dữ liệu", commune, 30, noon);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->text.size(), token_prefix.size() + 43);
  const TokenStore::Found found = reopened().find(made->text, noon);
  ASSERT_TRUE(found.token);
  EXPECT_FALSE(found.fault);
  EXPECT_EQ(found.token->number, 1U);
  EXPECT_EQ(found.token->name, "Cổng dữ liệu");
  EXPECT_EQ(found.token->unit, commune);
}

// Who reads the file, or a copy of it, must not be able to ask with it.
TEST_F(TokenStoreTest, TheFileHoldsNoTokenAndIsItsOwnersAlone) {
  const auto made = store_.add("a", commune, 30, noon);
  ASSERT_TRUE(made);
  std::ifstream file(path());
  const std::string content(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(content.find(made->text.substr(token_prefix.size())), std::string::npos);
  EXPECT_NE(content.find("sha256"), std::string::npos);
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path()).permissions(), perms::owner_read | perms::owner_write);
  std::filesystem::permissions(path(), perms::owner_all | perms::group_read);
  EXPECT_EQ(TokenStore::read(path()).error().code, ErrorCode::not_permitted);
}

TEST_F(TokenStoreTest, ATokenEndsWithItsTermAndWithItsRevocation) {
  const auto first = store_.add("a", commune, 1, noon);
  const auto second = store_.add("b", commune, 30, noon);
  ASSERT_TRUE(first && second);
  const Timestamp end{noon.value + events::milliseconds_per_day};
  EXPECT_FALSE(store_.find(first->text, Timestamp{end.value - 1}).fault);
  EXPECT_EQ(store_.find(first->text, end).fault, TokenStore::Fault::expired);
  ASSERT_TRUE(store_.revoke(2, noon));
  EXPECT_EQ(store_.find(second->text, noon).fault, TokenStore::Fault::revoked);
  EXPECT_EQ(reopened().find(second->text, noon).fault, TokenStore::Fault::revoked);
  EXPECT_EQ(store_.revoke(9, noon).error().code, ErrorCode::not_found);
}

TEST_F(TokenStoreTest, OtherTextsAreNoTokens) {
  const auto made = store_.add("a", commune, 30, noon);
  ASSERT_TRUE(made);
  EXPECT_EQ(store_.find("", noon).fault, TokenStore::Fault::malformed);
  EXPECT_EQ(store_.find("kht_", noon).fault, TokenStore::Fault::malformed);
  EXPECT_EQ(store_.find(made->text + "A", noon).fault, TokenStore::Fault::malformed);
  EXPECT_EQ(store_.find(made->text.substr(token_prefix.size()), noon).fault,
            TokenStore::Fault::malformed);
  std::string other = made->text;
  other[token_prefix.size()] = other[token_prefix.size()] == 'A' ? 'B' : 'A';
  EXPECT_EQ(store_.find(other, noon).fault, TokenStore::Fault::unknown);
}

TEST_F(TokenStoreTest, NumbersAreNeverGivenTwice) {
  ASSERT_TRUE(store_.add("a", commune, 30, noon));
  ASSERT_TRUE(store_.revoke(1, noon));
  EXPECT_EQ(reopened().add("b", commune, 30, noon)->token.number, 2U);
}

TEST_F(TokenStoreTest, NamesAndDaysAreBounded) {
  for (const std::string& name : {std::string(), std::string(101, 'a'), std::string("a\nb")}) {
    EXPECT_EQ(store_.add(name, commune, 30, noon).error().code, ErrorCode::invalid_argument);
  }
  EXPECT_EQ(store_.add("a", commune, 0, noon).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(store_.add("a", commune, token_days_max + 1, noon).error().code,
            ErrorCode::invalid_argument);
  EXPECT_TRUE(store_.all().empty());
}

/// So many tokens, all of them revoked or none; of the moments noon + 1, noon + 2, …
std::vector<ApiToken> many_tokens(std::size_t count, bool are_revoked) {
  std::vector<ApiToken> tokens(count);
  for (std::size_t index = 0; index < count; ++index) {
    ApiToken& token = tokens[index];
    token.number = static_cast<std::uint32_t>(index + 1);
    token.name = "a";
    token.made_at = noon;
    token.valid_until = Timestamp{noon.value + events::milliseconds_per_day};
    if (are_revoked) token.revoked_at = Timestamp{noon.value + index + 1};
    token.digest = events::sha256(events::bytes_of(std::to_string(index)));
  }
  return tokens;
}

// An operator who made and revoked a token each day could make no more after three years.
TEST_F(TokenStoreTest, RevokedOnesLeaveTheirPlace) {
  TokenStore store(path(), many_tokens(tokens_max, false));
  EXPECT_EQ(store.add("b", commune, 30, noon).error().code, ErrorCode::too_large);
  ASSERT_TRUE(store.revoke(500, noon));
  const auto made = store.add("b", commune, 30, noon);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->token.number, tokens_max + 1);
  EXPECT_EQ(store.add("b", commune, 30, noon).error().code, ErrorCode::too_large);
  EXPECT_EQ(reopened().all().size(), tokens_max + 1);
}

// By a wrong clock every token has ended: that must not take one out of the file.
TEST_F(TokenStoreTest, ThoseThatEndedCountUntilTheyAreRevoked) {
  TokenStore store(path(), many_tokens(tokens_max, false));
  const Timestamp years_later{noon.value + 5'000 * events::milliseconds_per_day};
  EXPECT_EQ(store.add("b", commune, 30, years_later).error().code, ErrorCode::too_large);
  EXPECT_EQ(store.all().size(), tokens_max);
}

TEST_F(TokenStoreTest, OfTheRevokedThoseThatWereRevokedLastAreKept) {
  TokenStore store(path(), many_tokens(revoked_tokens_max, true));
  const Timestamp later{noon.value + 1'000'000};
  for (int count = 0; count < 3; ++count) {
    const auto made = store.add("b", commune, 30, later);
    ASSERT_TRUE(made) << made.error().message;
    ASSERT_TRUE(store.revoke(made->token.number, later));
    EXPECT_EQ(store.find(made->text, later).fault, TokenStore::Fault::revoked);
  }
  const std::vector<ApiToken> kept = reopened().all();
  ASSERT_EQ(kept.size(), revoked_tokens_max);
  EXPECT_EQ(kept.front().number, 4U);
  EXPECT_EQ(kept.back().number, revoked_tokens_max + 3);
  EXPECT_EQ(store.revoke(1, later).error().code, ErrorCode::not_found);
}

// The budget and the log name a token by its number: two of one number are one reader for both.
TEST_F(TokenStoreTest, TheLastNumberIsNotForgottenWithItsToken) {
  std::vector<ApiToken> tokens = many_tokens(revoked_tokens_max + 1, true);
  tokens[0].revoked_at = Timestamp{0};
  tokens.back().revoked_at = noon;  // Before all others.
  TokenStore store(path(), std::move(tokens));
  ASSERT_TRUE(store.revoke(1, Timestamp{noon.value + 1'000'000}));
  EXPECT_EQ(store.all().size(), revoked_tokens_max);
  EXPECT_EQ(store.all().back().number, revoked_tokens_max + 1);
  EXPECT_EQ(store.add("b", commune, 30, noon)->token.number, revoked_tokens_max + 2);
}

TEST_F(TokenStoreTest, ADamagedFileIsRefusedAtTheStart) {
  ASSERT_TRUE(store_.add("a", commune, 30, noon));
  std::ofstream(path(), std::ios::app) << "{\"number\":2}\n";
  EXPECT_EQ(TokenStore::read(path()).error().code, ErrorCode::storage_corrupt);
}

}  // namespace
}  // namespace server
