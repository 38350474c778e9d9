#include "server/api/problem.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string>

namespace server {

namespace json = boost::json;
using events::ErrorCode;

namespace {

constexpr const char* challenge =
    "Bearer realm=\"khuyenhoc\", Signature realm=\"khuyenhoc\", alg=\"ed25519\"";

/// What came from the caller may be no UTF-8, which JSON must be.
std::string in_ascii(std::string_view text) {
  std::string ascii(text);
  for (char& letter : ascii) {
    if (letter < ' ' || letter > '~') letter = '?';
  }
  return ascii;
}

json::array in_json(const std::vector<PositionRange>& positions) {
  json::array ranges;
  for (const PositionRange& range : positions) {
    json::object each;
    each["from"] = range.from.value;
    each["to"] = range.to.value;
    ranges.push_back(std::move(each));
  }
  return ranges;
}

}  // namespace

int status_of(ProblemKind kind) {
  using enum ProblemKind;
  switch (kind) {
    case malformed_request:
    case invalid_parameter:
      return 400;
    case credentials_missing:
    case credentials_refused:
      return 401;
    case not_found:
      return 404;
    case method_not_allowed:
      return 405;
    case position_unknown:
    case position_too_far:
    case history_too_long:
      return 409;
    case target_too_long:
      return 414;
    case too_many_requests:
      return 429;
    case busy:
    case repairing:
    case clock_wrong:
      return 503;
    case storage:
      return 500;
  }
  return 500;
}

ErrorCode code_of(ProblemKind kind) {
  using enum ProblemKind;
  switch (kind) {
    case malformed_request:
      return ErrorCode::malformed;
    case invalid_parameter:
      return ErrorCode::invalid_argument;
    case credentials_missing:
    case credentials_refused:
      return ErrorCode::not_permitted;
    case not_found:
      return ErrorCode::not_found;
    case method_not_allowed:
      return ErrorCode::unsupported;
    case position_unknown:
      return ErrorCode::log_diverged;
    case position_too_far:
    case history_too_long:
    case target_too_long:
      return ErrorCode::too_large;
    case too_many_requests:
      return ErrorCode::quota;
    case busy:
    case repairing:
      return ErrorCode::busy;
    case clock_wrong:
      return ErrorCode::server_clock;
    case storage:
      return ErrorCode::storage_failed;
  }
  return ErrorCode::storage_failed;
}

Problem problem_of(const events::Error& /*error*/) {
  return {ProblemKind::storage, "the server cannot read its log; its operator has been told"};
}

ApiResponse respond(const Problem& problem, std::string_view instance) {
  const projections::ProblemText& text = projections::text_of(problem.kind);
  json::object body;
  body["type"] = "/v1/problems/" + std::string(text.word);
  body["title"] = text.title_en;
  body["status"] = status_of(problem.kind);
  body["detail"] = problem.detail;
  body["instance"] = in_ascii(instance);
  body["code"] = events::name_of(code_of(problem.kind));
  if (!problem.field.empty()) body["field"] = in_ascii(problem.field);
  body["title_vi"] = text.title_vi;
  if (!problem.positions.empty()) body["positions"] = in_json(problem.positions);

  ApiResponse response;
  response.status = status_of(problem.kind);
  response.headers = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}};
  if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", challenge);
  if (!problem.allow.empty()) response.headers.emplace_back("Allow", problem.allow);
  if (problem.retry_after) {
    response.headers.emplace_back("Retry-After", std::to_string(*problem.retry_after));
  }
  response.body = json::serialize(body);
  return response;
}

}  // namespace server
