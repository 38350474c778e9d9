#include "server/api/problem.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace server {
namespace {

boost::json::object body_of(const ApiResponse& response) {
  return boost::json::parse(response.body).as_object();
}

TEST(Problem, SaysWhatIsWrongInTheFormOfTheStandardAndInVietnamese) {
  const ApiResponse response =
      respond({ProblemKind::invalid_parameter, "an id has the form 7.2", "unit"}, "/v1/totals");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.header("Content-Type"), "application/problem+json");
  const boost::json::object body = body_of(response);
  EXPECT_EQ(body.at("type"), "/v1/problems/invalid_parameter");
  EXPECT_EQ(body.at("title"), "A parameter is not valid");
  EXPECT_EQ(body.at("status"), 400);
  EXPECT_EQ(body.at("detail"), "an id has the form 7.2");
  EXPECT_EQ(body.at("instance"), "/v1/totals");
  EXPECT_EQ(body.at("code"), "invalid_argument");
  EXPECT_EQ(body.at("field"), "unit");
  EXPECT_EQ(body.at("title_vi"), "Tham số không hợp lệ");
}

TEST(Problem, CredentialsAreAskedForWithTheirSchemes) {
  const ApiResponse response =
      respond({ProblemKind::credentials_missing, "show some"}, "/v1/totals");
  EXPECT_EQ(response.status, 401);
  EXPECT_NE(response.header("WWW-Authenticate").find("Bearer realm="), std::string_view::npos);
  EXPECT_NE(response.header("WWW-Authenticate").find("Signature realm="), std::string_view::npos);
}

TEST(Problem, TellsWhenToComeAgainAndWhatCanBeAsked) {
  const ApiResponse response = respond({.kind = ProblemKind::position_too_far,
                                        .detail = "too far",
                                        .positions = {{events::Position{0}, events::Position{7}}},
                                        .retry_after = 3},
                                       "/v1/totals");
  EXPECT_EQ(response.header("Retry-After"), "3");
  EXPECT_EQ(body_of(response).at("positions").as_array().at(0).at("to"), 7);
}

// What the disk says is the operator's business.
TEST(Problem, AFailureOfTheLogIsOneSentenceForEverybody) {
  const Problem problem =
      problem_of({events::ErrorCode::storage_corrupt, "/var/lib/khuyenhoc/log/000012.sst: bad"});
  EXPECT_EQ(respond(problem, "/v1/totals").body.find("000012"), std::string::npos);
  EXPECT_EQ(respond(problem, "/v1/totals").status, 500);
}

// A client that cannot parse the answer does not learn what was wrong.
TEST(Problem, BytesOfTheCallerThatAreNoTextStayJson) {
  const boost::json::object body = body_of(
      respond({ProblemKind::invalid_parameter, "no such parameter", "a\xFF\x01"}, "/v1/\xC3x"));
  EXPECT_EQ(body.at("field"), "a??");
  EXPECT_EQ(body.at("instance"), "/v1/?x");
}

TEST(Problem, EachKindHasWordsOfItsOwn) {
  std::set<std::string_view> words;
  for (const projections::ProblemText& text : projections::all_problem_texts()) {
    EXPECT_TRUE(words.insert(text.word).second) << text.word;
    EXPECT_FALSE(text.title_en.empty());
    EXPECT_FALSE(text.title_vi.empty());
    EXPECT_NE(text.title_en, text.title_vi);
    EXPECT_GE(status_of(text.kind), 400);
  }
}

}  // namespace
}  // namespace server
