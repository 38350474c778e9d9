#include "server/api/cursor_page.h"

#include "projections/views/dossier_history.h"
#include "server/api/etag.h"
#include "server/api/id_text.h"
#include "server/api/request_budget.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace server {
namespace {

using Query = std::map<std::string, std::string>;
using events::Position;
using projections::HistoryCursor;

const std::string path = "/v1/dossiers/3.12/history";

PageRequest page_of(const Query& query) {
  auto read = read_page(path, query);
  EXPECT_EQ(read.index(), 0U);
  return read.index() == 0 ? std::get<PageRequest>(std::move(read)) : PageRequest{};
}

std::string field_of_problem(const Query& query) {
  const auto read = read_page(path, query);
  const Problem* const problem = std::get_if<Problem>(&read);
  return problem == nullptr ? "" : problem->field;
}

std::string a_cursor() {
  return write_cursor(Position{40}, question_of(path, {}), HistoryCursor{Position{7}, Position{5}});
}

TEST(CursorPage, ACursorComesBackWithItsPosition) {
  const PageRequest page = page_of({{"cursor", a_cursor()}, {"limit", "3"}});
  EXPECT_EQ(page.at, Position{40});
  EXPECT_EQ(page.limit, 3U);
  const auto after = read_after<HistoryCursor>(page);
  ASSERT_EQ(after.index(), 0U);
  EXPECT_EQ(std::get<0>(after), (HistoryCursor{Position{7}, Position{5}}));
}

TEST(CursorPage, WithoutParametersItIsTheFirstPageOfTheNewest) {
  const PageRequest page = page_of({});
  EXPECT_FALSE(page.at);
  EXPECT_EQ(page.limit, answer_rows_usual);
  EXPECT_EQ(std::get<0>(read_after<HistoryCursor>(page)), std::nullopt);
}

TEST(CursorPage, LimitsAndPositionsAreWholeNumbersInTheirBounds) {
  for (const char* const limit : {"0", "501", "-1", "1.5", "", "01", "ten"}) {
    EXPECT_EQ(field_of_problem({{"limit", limit}}), "limit") << limit;
  }
  EXPECT_EQ(page_of({{"limit", "500"}}).limit, 500U);
  for (const char* const at : {"-1", "x", "", "18446744073709551616"}) {
    EXPECT_EQ(field_of_problem({{"at", at}}), "at") << at;
  }
}

// A cursor of one question in another one would leave rows out without a word.
TEST(CursorPage, ACursorIsGoodOnlyForItsQuestionAndItsPosition) {
  EXPECT_EQ(field_of_problem({{"cursor", a_cursor()}, {"effective", "true"}}), "cursor");
  EXPECT_EQ(field_of_problem({{"cursor", a_cursor()}, {"at", "41"}}), "at");
  EXPECT_EQ(field_of_problem({{"cursor", a_cursor()}, {"at", "40"}}), "");
  for (const std::string& cursor : {std::string(), std::string("AAAA"), a_cursor() + "AA"}) {
    EXPECT_EQ(field_of_problem({{"cursor", cursor}}), "cursor") << cursor;
  }
}

TEST(Etag, DiffersByPlaceScopeAndQuestion) {
  const LogPlace place{events::LogId{1}, events::Epoch{1}, Position{40}, 0x0a1b};
  const events::ReaderScope all{.whole_log = true, .units = {}};
  const std::string etag = etag_of(place, all, path);
  EXPECT_EQ(etag, etag_of(place, all, path));
  EXPECT_TRUE(etag.starts_with('"') && etag.ends_with('"'));
  LogPlace other = place;
  other.position = Position{41};
  EXPECT_NE(etag_of(other, all, path), etag);
  other = place;
  other.fingerprint = 0x0a1c;
  EXPECT_NE(etag_of(other, all, path), etag);
  EXPECT_NE(etag_of(place, {.whole_log = false, .units = {events::reference_scope}}, path), etag);
  EXPECT_NE(etag_of(place, all, path + "?at=40"), etag);
}

TEST(Etag, IsNamedInAListWeakOrByAStar) {
  EXPECT_TRUE(names_etag("\"a\"", "\"a\""));
  EXPECT_TRUE(names_etag("\"b\", W/\"a\"", "\"a\""));
  EXPECT_TRUE(names_etag("*", "\"a\""));
  EXPECT_FALSE(names_etag("\"b\",\"ab\"", "\"a\""));
  EXPECT_FALSE(names_etag("", "\"a\""));
}

TEST(IdText, IsReadInOneWritingOnly) {
  EXPECT_EQ(read_id("7.2"), (events::EventId{events::ChainNumber{7}, 2}));
  for (const char* const text : {"", "7", "7.", ".2", "07.2", "7.02", "0.1", "1.0", "7.2.1", " 7.2",
                                 "16777216.1", "1.1099511627776", "-"}) {
    EXPECT_EQ(read_id(text), std::nullopt) << text;
  }
}

TEST(RequestBudget, EachCallerHasItsOwnAndItFillsAgain) {
  RequestBudget budget({.a_minute = 60, .at_once = 10});
  const events::Timestamp noon{1'800'000'000'000};
  EXPECT_FALSE(budget.charge("token 1", 10, noon));
  EXPECT_TRUE(budget.charge("token 1", 1, noon));
  EXPECT_FALSE(budget.charge("token 2", 1, noon));
  EXPECT_FALSE(budget.charge("token 1", 1, events::Timestamp{noon.value + 60'000}));
}

TEST(RequestBudget, ForgetsCallersThatAskNoMore) {
  RequestBudget budget({.a_minute = 60, .at_once = 10});
  for (std::uint64_t caller = 0; caller < 10'000; ++caller) {
    budget.charge(std::to_string(caller), 1, events::Timestamp{1'800'000'000'000 + caller * 1'000});
  }
  EXPECT_LT(budget.size(), 2'100U);
}

}  // namespace
}  // namespace server
