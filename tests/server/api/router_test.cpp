#include "server/api/router.h"

#include <gtest/gtest.h>

#include <string>

namespace server {
namespace {

Router<std::string> a_router() {
  Router<std::string> router;
  router.add("GET", "/v1/totals", {"at", "unit"}, "totals");
  router.add("GET", "/v1/dossiers/{id}/history", {"at"}, "history");
  router.add("POST", "/v1/totals", {}, "posted");
  return router;
}

const Router<std::string>& router() {
  static const Router<std::string> made = a_router();
  return made;
}

using Match = Router<std::string>::Match;

std::string handler_of(const std::string& method, const std::string& target) {
  const auto found = router().find(method, target);
  const Match* const match = std::get_if<Match>(&found);
  return match == nullptr ? "" : *match->handler;
}

Problem problem_of(const std::string& method, const std::string& target) {
  auto found = router().find(method, target);
  Problem* const problem = std::get_if<Problem>(&found);
  EXPECT_NE(problem, nullptr) << target;
  return problem == nullptr ? Problem{} : std::move(*problem);
}

TEST(Router, FindsTheHandlerAndNamesSegmentsAndParameters) {
  const auto found = router().find("GET", "/v1/dossiers/3.12/history?at=17");
  const Match* const match = std::get_if<Match>(&found);
  ASSERT_NE(match, nullptr);
  EXPECT_EQ(*match->handler, "history");
  EXPECT_EQ(match->path.at("id"), "3.12");
  EXPECT_EQ(match->query.at("at"), "17");
}

TEST(Router, HeadIsFoundWhereGetIs) {
  EXPECT_EQ(handler_of("HEAD", "/v1/totals"), "totals");
  EXPECT_EQ(handler_of("POST", "/v1/totals"), "posted");
}

TEST(Router, UnknownPathsAreNotFound) {
  for (const char* const target :
       {"/v1/total", "/v1/totals/", "/v1//totals", "/v1/dossiers//history", "/v1/dossiers/3.12",
        "/v2/totals", "/", "/v1/totals%2Fx"}) {
    EXPECT_EQ(problem_of("GET", target).kind, ProblemKind::not_found) << target;
  }
}

TEST(Router, AnotherMethodIsToldWhichOnesAreAllowed) {
  const Problem problem = problem_of("DELETE", "/v1/totals");
  EXPECT_EQ(problem.kind, ProblemKind::method_not_allowed);
  EXPECT_EQ(problem.allow, "GET, HEAD, POST");
  EXPECT_EQ(problem_of("POST", "/v1/dossiers/3.12/history").allow, "GET, HEAD");
  EXPECT_EQ(respond(problem, "/v1/totals").header("Allow"), "GET, HEAD, POST");
}

// "cicle=2026" must not silently give the figures of all cycles.
TEST(Router, AMistypedParameterIsNamedAndNotIgnored) {
  const Problem problem = problem_of("GET", "/v1/totals?unti=2.4");
  EXPECT_EQ(problem.kind, ProblemKind::invalid_parameter);
  EXPECT_EQ(problem.field, "unti");
  EXPECT_EQ(problem_of("GET", "/v1/totals?at=1&at=2").field, "at");
}

TEST(Router, DecodesSegmentsAfterTheyWereParted) {
  const auto found = router().find("GET", "/v1/dossiers/a%2Fb%20c/history");
  ASSERT_EQ(found.index(), 0U);
  EXPECT_EQ(std::get<Match>(found).path.at("id"), "a/b c");
}

TEST(Router, RefusesWhatCannotBeDecoded) {
  for (const char* const target :
       {"/v1/totals?at", "/v1/totals?=1", "/v1/totals?at=%2", "/v1/totals?at=%zz",
        "/v1/totals?at=%00", "/v1/%0Atotals", "totals", ""}) {
    EXPECT_EQ(problem_of("GET", target).kind, ProblemKind::malformed_request) << target;
  }
}

TEST(Router, LongTargetsAndQueriesAreBounded) {
  const std::string longest(target_bytes_max, 'a');
  EXPECT_EQ(problem_of("GET", "/" + longest).kind, ProblemKind::target_too_long);
  EXPECT_EQ(problem_of("GET", "/" + longest.substr(1)).kind, ProblemKind::not_found);
  std::string many = "/v1/totals?a0=1";
  for (std::size_t index = 1; index <= query_parameters_max; ++index) {
    many += "&a" + std::to_string(index) + "=1";
  }
  EXPECT_EQ(problem_of("GET", many).kind, ProblemKind::malformed_request);
}

}  // namespace
}  // namespace server
