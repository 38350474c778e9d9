#include "server/api/api_service.h"

#include "server/api/openapi.h"

#include <boost/asio/post.hpp>
#include <boost/json/serialize.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace server {

namespace json = boost::json;
using events::Position;
using events::Result;

namespace {

constexpr std::uint32_t busy_seconds = 2;
constexpr const char* json_type = "application/json";

Problem too_many(WaitingPlaces::Answer answer, const ApiReader& reader) {
  if (answer == WaitingPlaces::Answer::enough) {
    return {.kind = ProblemKind::too_many_requests,
            .detail = "too many requests of " + reader.name + " wait",
            .retry_after = busy_seconds};
  }
  return {.kind = ProblemKind::busy,
          .detail = "too many requests wait; the server reads its log for others",
          .retry_after = busy_seconds};
}

ApiResponse document_response() {
  ApiResponse response;
  response.headers = {{"Content-Type", json_type}, {"Cache-Control", "public, max-age=3600"}};
  response.body = std::string(openapi_document());
  return response;
}

std::variant<ApiResponse, Problem> problem_kind_response(const std::string& word) {
  for (const projections::ProblemText& text : projections::all_problem_texts()) {
    if (text.word != word) continue;
    json::object body;
    body["type"] = "/v1/problems/" + word;
    body["title"] = text.title_en;
    body["title_vi"] = text.title_vi;
    body["status"] = status_of(text.kind);
    body["code"] = events::name_of(code_of(text.kind));
    ApiResponse response;
    response.headers = {{"Content-Type", json_type}, {"Cache-Control", "public, max-age=3600"}};
    response.body = json::serialize(body);
    return response;
  }
  return Problem{ProblemKind::not_found, "no such kind of problem"};
}

/// What the token of a unit may see now: reference scope and the communes that lie in the unit.
events::ReaderScope scope_of_unit(events::UnitId unit, const projections::Units& units,
                                  events::Day today) {
  projections::Grant grant;
  grant.role = events::Role::province_assoc;  // Reads no private record.
  grant.unit = unit;
  ReaderRights rights = rights_of_nobody();
  add_rights(rights, grant, units, today);
  settle(rights, units);
  return rights.scope;
}

json::object in_json(const LogPlace& place) {
  json::object log;
  log["number"] = place.log.value;
  log["epoch"] = place.epoch.value;
  log["fingerprint"] = in_hex(place.fingerprint);
  return log;
}

ApiAnswer answer_of(std::variant<ApiResponse, Problem> outcome, const ApiRequest& request) {
  ApiAnswer answer;
  if (const Problem* const problem = std::get_if<Problem>(&outcome)) {
    answer.response = respond(*problem, std::string(path_of(request.target)));
  } else {
    answer.response = std::get<ApiResponse>(std::move(outcome));
  }
  answer.response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return answer;
}

}  // namespace

ApiService::ApiService(Parts parts)
    : parts_(std::move(parts)),
      credentials_(parts_.credentials),
      history_(parts_.state),
      totals_(parts_.state),
      places_(parts_.waiting) {
  router_.add("GET", "/v1/dossiers/{id}/history", {"at", "cursor", "effective", "limit"},
              static_cast<ApiHandler*>(&history_));
  router_.add("GET", "/v1/totals", {"at", "basis", "cursor", "cycle", "day", "limit", "unit"},
              static_cast<ApiHandler*>(&totals_));
  router_.add("GET", "/v1/openapi.json", {},
              OpenHandler([](const auto& /*path*/) { return document_response(); }));
  router_.add("GET", "/v1/problems/{kind}", {},
              OpenHandler([](const auto& path) { return problem_kind_response(path.at("kind")); }));
}

void ApiService::answer(ApiRequest request, Calls calls) {
  auto found = router_.find(request.method, request.target);
  if (Problem* const problem = std::get_if<Problem>(&found)) {
    return calls.done(answer_of(std::move(*problem), request));
  }
  Match& match = std::get<Match>(found);
  if (const auto* const open = std::get_if<OpenHandler>(match.handler)) {
    return calls.done(answer_of((*open)(match.path), request));
  }
  auto shown = credentials_.look(request);
  const auto asked =
      std::make_shared<const Asked>(Asked{std::move(request), std::move(match), std::move(calls)});
  if (Refusal* const refusal = std::get_if<Refusal>(&shown)) {
    return refuse(*asked, std::move(*refusal));
  }
  if (ApiReader* const reader = std::get_if<ApiReader>(&shown)) {
    return wait_for_thread(asked, std::move(*reader));
  }
  admit(asked, std::get<SignedRequest>(std::move(shown)));
}

void ApiService::admit(const AskedPtr& asked, SignedRequest shown) {
  const events::ChainNumber chain = shown.chain;
  auto prove = [this, asked, shown = std::move(shown)](const Result<Admission>& admission) {
    std::variant<ApiReader, Refusal> who = Credentials::prove(asked->request, shown, admission);
    if (Refusal* const refusal = std::get_if<Refusal>(&who)) {
      return refuse(*asked, std::move(*refusal));
    }
    wait_for_thread(asked, std::get<ApiReader>(std::move(who)));
  };
  credentials_.admit(chain, [this, prove = std::move(prove)](Result<Admission> admission) {
    net::post(parts_.network.executor,
              [prove, admission = std::move(admission)] { prove(admission); });
  });
}

void ApiService::refuse(const Asked& asked, Refusal refusal) {
  ApiAnswer answer = answer_of(std::move(refusal.problem), asked.request);
  if (!refusal.reason.empty()) answer.caller = ApiCaller::refused;
  answer.reason = std::move(refusal.reason);
  answer.refused_number = refusal.chain.value;
  asked.calls.done(std::move(answer));
}

void ApiService::wait_for_thread(const AskedPtr& asked, ApiReader reader) {
  const auto tell = [](const Asked& waiting, std::variant<ApiResponse, Problem> outcome) {
    ApiAnswer answer = answer_of(std::move(outcome), waiting.request);
    answer.caller = ApiCaller::proved;
    waiting.calls.done(std::move(answer));
  };
  asked->calls.proved();
  const WaitingPlaces::Answer place = places_.enter(reader.name);
  if (place != WaitingPlaces::Answer::entered) return tell(*asked, too_many(place, reader));
  net::post(parts_.api_thread.executor, [this, asked, tell, reader = std::move(reader)] {
    std::variant<ApiResponse, Problem> outcome = answer_reader(*asked, reader);
    places_.leave(reader.name);
    tell(*asked, std::move(outcome));
  });
}

std::variant<ApiResponse, Problem> ApiService::answer_reader(const Asked& asked,
                                                             const ApiReader& reader) {
  const auto& [request, match, calls] = asked;
  ApiHandler& handler = *std::get<ApiHandler*>(*match.handler);
  RequestContext context;
  context.reader = reader.name;
  context.path = std::string(path_of(request.target));
  context.segments = match.path;
  context.query = match.query;
  context.is_repairing = parts_.is_repairing();
  std::variant<PageRequest, Problem> page = read_page(context.path, context.query);
  if (Problem* const problem = std::get_if<Problem>(&page)) return std::move(*problem);
  context.page = std::get<PageRequest>(std::move(page));

  const Result<events::Timestamp> now = parts_.credentials.clock();
  if (!now) return Problem{ProblemKind::clock_wrong, "the clock went wrong meanwhile"};
  std::variant<Rest, Problem> begun = begin(context, reader, handler, events::day_in_vietnam(*now));
  const std::size_t cost = begun.index() == 0 ? std::get<Rest>(begun).cost : 1;
  if (const auto until = budget_.charge(reader.name, cost, *now)) {
    const std::uint64_t left = until->value > now->value ? until->value - now->value : 0;
    return Problem{.kind = ProblemKind::too_many_requests,
                   .detail = "the budget of " + reader.name + " is used up",
                   .retry_after = static_cast<std::uint32_t>(left / 1'000 + 1)};
  }
  if (Problem* const problem = std::get_if<Problem>(&begun)) return std::move(*problem);

  ApiResponse response;
  const std::string etag = etag_of(context.place, context.scope, request.target);
  const bool is_closed = context.page.at.has_value();
  response.headers = {
      {"ETag", etag},
      {"Cache-Control", is_closed ? "private, max-age=31536000, immutable" : "private, no-cache"},
      {"Vary", "Authorization, Signature-Input"}};
  if (names_etag(request.if_none_match, etag)) {
    response.status = 304;
    return response;
  }
  Fields fields = std::get<Rest>(begun).run();
  if (Problem* const problem = std::get_if<Problem>(&fields)) return std::move(*problem);
  json::object body;
  body["log"] = in_json(context.place);
  body["position"] = context.position.value;
  for (auto& field : std::get<json::object>(fields)) body[field.key()] = std::move(field.value());
  response.headers.emplace_back("Content-Type", json_type);
  response.body = json::serialize(body);
  return response;
}

std::variant<Rest, Problem> ApiService::begin(RequestContext& context, const ApiReader& reader,
                                              ApiHandler& handler, events::Day today) const {
  std::optional<std::variant<Rest, Problem>> begun;
  parts_.state.with_fold([&](const Folded& folded) {
    const Position newest = folded.state.applied();
    context.scope =
        reader.is_token ? scope_of_unit(reader.unit, folded.state.units(), today) : reader.scope;
    context.position = context.page.at.value_or(newest);
    if (context.position > newest) {
      begun = Problem{.kind = ProblemKind::position_unknown,
                      .detail = "the newest position is " + std::to_string(newest.value),
                      .field = context.page.cursor ? "cursor" : "at",
                      .positions = {{Position{0}, newest}}};
      return;
    }
    Result<LogPlace> place = place_at(parts_.state.log, context.position);
    if (!place) {
      begun = problem_of(place.error());
      return;
    }
    context.place = std::move(*place);
    begun = handler.begin(context, folded);
  });
  return std::move(*begun);
}

}  // namespace server
