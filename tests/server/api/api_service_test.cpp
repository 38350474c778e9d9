#include "server/api/api_service.h"

#include "server/api/openapi.h"
#include "tests/server/api/served_world.h"

#include <gtest/gtest.h>

#include <string>

namespace server::test {
namespace {

using test_support::World;

class ApiServiceTest : public testing::Test {
 protected:
  static std::string history_of(events::DossierId dossier) {
    return "/v1/dossiers/" + to_string(dossier) + "/history";
  }
  events::UnitId unit(std::size_t commune) const { return served_.world.commune(commune).unit; }
  std::uint64_t head() const { return served_.log.head().position.value; }
  static std::string number(std::uint64_t value) { return std::to_string(value); }

  ServedWorld served_{the_scene().world};
  std::string all_ = served_.token({});
  std::string of_first_ = served_.token(served_.world.commune(0).unit);
};

TEST_F(ApiServiceTest, AHistoryNamesItsLogAndItsPosition) {
  const auto body = served_.fields(history_of(the_scene().first), of_first_);
  EXPECT_EQ(body.at("position"), head());
  EXPECT_EQ(text_of(body.at("log").at("fingerprint")),
            in_hex(events::fingerprint_of(served_.log.head().root)));
  EXPECT_EQ(body.at("log").at("number"), 1);
  const auto& rows = body.at("rows").as_array();
  EXPECT_EQ(rows.front().at("kind"), "DossierOpened");
  EXPECT_EQ(rows.back().at("kind"), "TitleGranted");
  EXPECT_EQ(rows.back().at("role"), "signer");
  EXPECT_EQ(rows.back().at("verdict").at("code"), "accepted");
  EXPECT_EQ(body.at("next"), nullptr);
}

// Names lie in private records; what leads to them stays inside, too.
TEST_F(ApiServiceTest, AHistoryHasNoPersonalData) {
  const ApiAnswer answer = served_.ask(history_of(the_scene().first), all_);
  EXPECT_EQ(answer.response.body.find("private_digest"), std::string::npos);
  EXPECT_EQ(answer.response.body.find("label"), std::string::npos);
}

TEST_F(ApiServiceTest, WhatLiesOutsideTheScopeIsNotThere) {
  const ApiAnswer outside = served_.ask(history_of(the_scene().second), of_first_);
  const ApiAnswer nowhere = served_.ask("/v1/dossiers/3.999999/history", of_first_);
  EXPECT_EQ(outside.response.status, 404);
  auto first = served_.body_of(outside);
  auto second = served_.body_of(nowhere);
  first.erase("instance");
  second.erase("instance");
  EXPECT_EQ(first, second) << "one may be told from the other";
  EXPECT_EQ(served_.ask(history_of(the_scene().second), all_).response.status, 200);
  EXPECT_EQ(served_.ask("/v1/dossiers/x/history", all_).response.status, 404);
}

// Reports that cite a position must find the same bytes years later.
TEST_F(ApiServiceTest, AtAPositionTheBytesStayWhileTheLogGrows) {
  const std::string at = "at=" + number(head() - 3);
  const std::string history = history_of(the_scene().first) + "?" + at;
  const std::string totals = "/v1/totals?" + at;
  const ApiAnswer history_then = served_.ask(history, all_);
  const ApiAnswer totals_then = served_.ask(totals, all_);
  const ApiAnswer newest_then = served_.ask("/v1/totals?at=" + number(head()), all_);
  ASSERT_EQ(history_then.response.status, 200) << history_then.response.body;
  ASSERT_EQ(totals_then.response.status, 200) << totals_then.response.body;
  const std::string newest = "/v1/totals?at=" + number(head());
  World later = the_scene().world;
  later.wait_days(1);
  later.assess(1, the_scene().second);
  later.register_citizen(0);
  served_.go_on(later);
  ServedWorld another(later);
  const std::string token = another.token({});
  EXPECT_EQ(served_.ask(history, all_).response.body, history_then.response.body);
  EXPECT_EQ(another.ask(history, token).response.body, history_then.response.body);
  EXPECT_EQ(another.ask(totals, token).response.body, totals_then.response.body);
  EXPECT_EQ(another.ask(newest, token).response.body, newest_then.response.body)
      << "figures of the projection are not those that are counted anew";
  EXPECT_EQ(another.ask(newest, token).response.header("ETag"),
            newest_then.response.header("ETag"));
  EXPECT_EQ(newest_then.response.header("Cache-Control"), "private, max-age=31536000, immutable");
  EXPECT_EQ(another.ask("/v1/totals", token).response.header("Cache-Control"), "private, no-cache");
}

TEST_F(ApiServiceTest, EveryPositionOfTheLogGivesWhatAFoldToItGives) {
  for (std::uint64_t at = 0; at <= head(); at += 5) {
    SCOPED_TRACE(at);
    served_.now.value += 60'000;  // Counting anew has its price.
    const auto body = served_.fields("/v1/totals?at=" + number(at), all_);
    projections::TotalsFold fold;
    for (const test_support::StoredAct& act : served_.world.stored()) {
      if (act.position().value <= at) fold.take(act.stored, act.scope);
    }
    const auto view = totals_of(fold.state(), fold.statistics(),
                                {.scope = {.whole_log = true, .units = {}}, .unit = {}});
    EXPECT_EQ(body.at("sum").at("registered"), view.sum.registered);
    EXPECT_EQ(body.at("rows").as_array().size(), view.rows.size());
  }
}

// A block may hold events of both sides of the position that was asked for.
TEST_F(ApiServiceTest, AHistoryEndsAtThePositionInsideABlock) {
  const events::DossierId dossier = the_scene().first;
  projections::DossierHistory history(dossier);
  std::size_t inside_of_blocks = 0;
  for (const test_support::StoredAct& act : served_.world.stored()) {
    history.take(act.stored);
    const std::uint64_t at = act.position().value;
    SCOPED_TRACE(at);
    served_.now.value += 60'000;
    const ApiAnswer answer = served_.ask(history_of(dossier) + "?limit=500&at=" + number(at), all_);
    if (history.events().empty()) {
      EXPECT_EQ(answer.response.status, 404);
      continue;
    }
    ASSERT_EQ(answer.response.status, 200) << answer.response.body;
    EXPECT_EQ(served_.body_of(answer).at("rows").as_array().size(), history.events().size());
    const auto bytes = served_.log.block_at(act.position());
    const auto block = events::decode_stored_block(**bytes);
    if (act.position() < block->last()) ++inside_of_blocks;
  }
  EXPECT_GT(inside_of_blocks, 3U);
}

TEST_F(ApiServiceTest, AnEtagSavesTheAnswer) {
  const ApiAnswer first = served_.ask("/v1/totals", all_);
  const std::string etag(first.response.header("ETag"));
  ApiRequest again = served_.get("/v1/totals", all_);
  again.if_none_match = etag;
  const ApiAnswer unchanged = served_.serve(again);
  EXPECT_EQ(unchanged.response.status, 304);
  EXPECT_TRUE(unchanged.response.body.empty());
  EXPECT_EQ(unchanged.response.header("ETag"), etag);
  // Another reader's tag is another one, even of the same question.
  EXPECT_NE(served_.ask("/v1/totals", of_first_).response.header("ETag"), etag);
  World later = the_scene().world;
  later.register_citizen(0);
  served_.go_on(later);
  EXPECT_EQ(served_.serve(again).response.status, 200);
}

TEST_F(ApiServiceTest, SharesNameTheirWholeAndTheirPosition) {
  const auto body = served_.fields("/v1/totals?unit=" + to_string(unit(0)), of_first_);
  const auto& share = body.at("sum").at("recognized_of_registered");
  EXPECT_EQ(share.at("num"), 1);
  EXPECT_EQ(share.at("den"), 1);
  EXPECT_EQ(share.at("den_kind"), "registered_dossiers");
  EXPECT_EQ(share.at("unit_basis"), "commune_of_opening");
  EXPECT_EQ(share.at("as_of_seq"), head());
  EXPECT_EQ(body.at("rows").as_array().at(0).at("title"), "learning_citizen");
}

TEST_F(ApiServiceTest, TotalsAreThoseOfTheReadersCommunes) {
  EXPECT_EQ(served_.fields("/v1/totals", of_first_).at("sum").at("registered"), 1);
  EXPECT_EQ(served_.fields("/v1/totals", all_).at("sum").at("registered"), 2);
  const std::string city = to_string(served_.world.city());
  EXPECT_EQ(served_.fields("/v1/totals?unit=" + city, all_).at("sum").at("registered"), 2);
  // Of a city the reader sees one commune: its figures would pass for the city's.
  EXPECT_EQ(served_.ask("/v1/totals?unit=" + city, of_first_).response.status, 404);
  EXPECT_EQ(served_.ask("/v1/totals?unit=" + to_string(unit(1)), of_first_).response.status, 404);
  EXPECT_EQ(served_.ask("/v1/totals?unit=3.999", all_).response.status, 404);
  const std::string hamlet = to_string(served_.world.commune(0).hamlets[0]);
  EXPECT_EQ(served_.ask("/v1/totals?unit=" + hamlet, all_).response.status, 400);
}

TEST_F(ApiServiceTest, PagesJoinAndStayAtTheirPosition) {
  const auto whole = served_.fields(history_of(the_scene().first), all_);
  const std::uint64_t then = head();
  std::string cursor;
  boost::json::array joined;
  for (int pages = 0; pages < 20; ++pages) {
    const auto page = served_.fields(
        history_of(the_scene().first) + "?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor),
        all_);
    EXPECT_EQ(page.at("position"), then);
    for (const auto& row : page.at("rows").as_array()) joined.push_back(row);
    if (page.at("next").is_null()) break;
    cursor = std::string(page.at("next").as_string());
    if (pages == 0) {
      World later = the_scene().world;
      later.register_citizen(0);
      served_.go_on(later);
    }
  }
  EXPECT_EQ(joined, whole.at("rows").as_array());
}

TEST_F(ApiServiceTest, APositionThatIsNotThereYetIsToldWhichOnesAre) {
  const ApiAnswer answer = served_.ask("/v1/totals?at=" + number(head() + 1), all_);
  EXPECT_EQ(answer.response.status, 409);
  EXPECT_EQ(served_.body_of(answer).at("positions").as_array().at(0).at("to"), head());
}

// A log of millions must not hold the interface for seconds for one question.
TEST_F(ApiServiceTest, ATooLongCountIsRefusedWithThePositionsThatCanBeAsked) {
  TotalsHandler handler(served_.state(), 20);
  RequestContext context;
  context.scope = {.whole_log = true, .units = {events::reference_scope}};
  context.position = events::Position{head() - 1};
  context.page.at = context.position;
  const auto begun = handler.begin(context, served_.folded);
  ASSERT_EQ(begun.index(), 0U);
  const Fields fields = std::get<Rest>(begun).run();
  const Problem* const problem = std::get_if<Problem>(&fields);
  ASSERT_NE(problem, nullptr);
  EXPECT_EQ(problem->kind, ProblemKind::position_too_far);
  ASSERT_EQ(problem->positions.size(), 2U);
  EXPECT_EQ(problem->positions[0].to, events::Position{20});
  EXPECT_EQ(problem->positions[1].from, events::Position{head()});
}

// Ten thousand events of one dossier are no dossier: each answer to such a question reads them all.
TEST_F(ApiServiceTest, ATooLongHistoryIsRefusedAndItsBeginningCanBeAsked) {
  const std::size_t whole =
      served_.fields(history_of(the_scene().first), all_).at("rows").as_array().size();
  ASSERT_GT(whole, 3U);
  RequestContext context;
  context.scope = {.whole_log = true, .units = {}};
  context.segments["id"] = to_string(the_scene().first);
  context.page.limit = 100;
  const auto answer = [&](std::size_t events_max, std::uint64_t position) -> Fields {
    DossierHistoryHandler handler(served_.state(), events_max);
    context.position = events::Position{position};
    const auto begun = handler.begin(context, served_.folded);
    EXPECT_EQ(begun.index(), 0U);
    return std::get<Rest>(begun).run();
  };
  EXPECT_EQ(answer(whole, head()).index(), 0U);
  const Fields refused = answer(whole - 1, head());
  const Problem* const problem = std::get_if<Problem>(&refused);
  ASSERT_NE(problem, nullptr);
  EXPECT_EQ(problem->kind, ProblemKind::history_too_long);
  EXPECT_EQ(problem->field, "at");
  EXPECT_NE(problem->detail.find("more than " + number(whole - 1) + " events"), std::string::npos);
  EXPECT_NE(problem->detail.find("position " + number(head())), std::string::npos);
  const ApiResponse response = respond(*problem, history_of(the_scene().first));
  EXPECT_EQ(response.status, 409);
  EXPECT_NE(response.body.find("\"code\":\"too_large\""), std::string::npos) << response.body;
  const std::uint64_t opened =
      served_.folded.state.dossiers().find(the_scene().first)->opened_at.value;
  EXPECT_EQ(answer(whole - 1, opened).index(), 0U);
}

TEST_F(ApiServiceTest, ARestoredLogAnswersTotalsAndHandsOutNoEvents) {
  served_.is_repairing = true;
  EXPECT_EQ(served_.ask(history_of(the_scene().first), all_).response.status, 503);
  EXPECT_EQ(served_.ask("/v1/totals", all_).response.status, 200);
}

TEST_F(ApiServiceTest, AReaderThatAsksTooMuchWaitsAndOthersDoNot) {
  ApiAnswer answer;
  int asked = 0;
  for (; asked < 1'000; ++asked) {
    answer = served_.ask(history_of(the_scene().first), all_);
    if (answer.response.status != 200) break;
  }
  EXPECT_EQ(answer.response.status, 429);
  EXPECT_FALSE(answer.response.header("Retry-After").empty());
  EXPECT_GE(asked, 100);
  EXPECT_EQ(served_.ask("/v1/totals", of_first_).response.status, 200);
}

TEST_F(ApiServiceTest, TheDescriptionAndTheProblemsNeedNoCredentials) {
  const ApiAnswer document = served_.ask("/v1/openapi.json");
  EXPECT_EQ(document.response.status, 200);
  EXPECT_EQ(document.response.body, openapi_document());
  EXPECT_EQ(served_.body_of(document).at("openapi"), "3.1.0");
  for (const projections::ProblemText& text : projections::all_problem_texts()) {
    const ApiAnswer answer = served_.ask("/v1/problems/" + std::string(text.word));
    EXPECT_EQ(text_of(served_.body_of(answer).at("title_vi")), text.title_vi);
  }
  EXPECT_EQ(served_.ask("/v1/problems/none").response.status, 404);
  EXPECT_EQ(served_.folds_asked, 0);
}

TEST_F(ApiServiceTest, ParametersAreChecked) {
  const std::string history = history_of(the_scene().first);
  for (const std::string& target :
       {history + "?effective=yes", history + "?limit=0", history + "?at=x", history + "?unit=2.4",
        history + "?cursor=x", std::string("/v1/totals?unit=x"),
        std::string("/v1/totals?cycle=x")}) {
    const ApiAnswer answer = served_.ask(target, all_);
    EXPECT_EQ(answer.response.status, 400) << target;
    EXPECT_TRUE(served_.body_of(answer).contains("field")) << target;
  }
  EXPECT_EQ(served_.ask("/v1/totals/", all_).response.status, 404);
}

}  // namespace
}  // namespace server::test
