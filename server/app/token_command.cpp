#include "server/app/token_command.h"

#include "server/api/id_text.h"
#include "server/app/control_socket.h"
#include "server/base/logging.h"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <cinttypes>
#include <cstdio>
#include <string>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace json = boost::json;

namespace {

constexpr const char* footer = R"(
Examples:
  khuyenhoc-server token --data /var/lib/khuyenhoc add --name "Province data portal" --unit 2.4 --valid-days 180
  khuyenhoc-server token --data /var/lib/khuyenhoc add --name "Central association" --whole-log --valid-days 30
  khuyenhoc-server token --data /var/lib/khuyenhoc list
  khuyenhoc-server token --data /var/lib/khuyenhoc revoke 3

A token lets another system read histories and totals of a unit and what lies in it over HTTP, and
nothing else: no names, no papers.  It is printed once; the server keeps only its digest.  Whoever
has it can read, so hand it over as a password.  The server must be running.
Exit codes: 0 done, 1 not, 2 wrong use.)";

json::object in_json(const ApiToken& token, events::Timestamp now) {
  json::object object;
  object["number"] = token.number;
  object["name"] = token.name;
  object["unit"] = to_string(token.unit);
  object["made_at"] = events::to_iso(token.made_at);
  object["valid_until"] = events::to_iso(token.valid_until);
  object["state"] = token.revoked_at.value != 0 ? "revoked"
                    : now >= token.valid_until  ? "expired"
                                                : "valid";
  return object;
}

/// Errors: invalid_argument: it cannot be the unit of a token.
Result<events::UnitId> unit_of(const json::object& wanted, const ApiState& state) {
  const json::value* const text = wanted.if_contains("unit");
  if (text == nullptr || !text->is_string()) {
    return Error{ErrorCode::invalid_argument, "unit: an id, or - for the whole log"};
  }
  if (text->as_string() == "-") return events::UnitId{};
  const std::optional<events::EventId> id =
      read_id({text->as_string().data(), text->as_string().size()});
  if (!id) return Error{ErrorCode::invalid_argument, "unit: an id has the form 2.5"};
  Result<events::UnitId> unit = events::UnitId{*id};
  state.with_fold([&](const Folded& folded) {
    const projections::Unit* const found = folded.state.units().find(*unit);
    if (found == nullptr) {
      unit = Error{ErrorCode::invalid_argument, "unit: the log has no unit " + to_string(*id)};
    } else if (projections::is_hamlet(*found)) {
      unit = Error{ErrorCode::invalid_argument,
                   "unit: a commune or above; the log is read by communes"};
    }
  });
  return unit;
}

Result<TokenStore::Made> make(TokenStore& tokens, const ApiState& state, events::Timestamp now,
                              const json::value& wanted) {
  if (!wanted.is_object()) return Error{ErrorCode::invalid_argument, "make: not an object"};
  const json::object& fields = wanted.as_object();
  const Result<events::UnitId> unit = unit_of(fields, state);
  if (!unit) return unit.error();
  const json::value* const name = fields.if_contains("name");
  const json::value* const days = fields.if_contains("valid_days");
  boost::system::error_code wrong;
  const auto valid_days = days == nullptr ? 0 : days->to_number<std::uint32_t>(wrong);
  if (name == nullptr || !name->is_string() || wrong) {
    return Error{ErrorCode::invalid_argument, "make: name and valid_days"};
  }
  return tokens.add(std::string(name->as_string()), *unit, valid_days, now);
}

/// What the command line asks for.
struct Options {
  std::string data;
  std::string name;
  std::string unit;
  bool whole_log = false;
  std::uint32_t valid_days = 0;
  std::uint32_t number = 0;
};

void print_tokens(const json::object& answer) {
  const json::array& tokens = answer.at("tokens").as_array();
  if (tokens.empty()) std::puts("there are no tokens");
  for (const json::value& each : tokens) {
    const json::object& token = each.as_object();
    const bool is_whole = token.at("unit").as_string() == "-";
    std::printf("%" PRIu64 "  %s  until %s  %s  %s\n",
                token.at("number").to_number<std::uint64_t>(),
                token.at("state").as_string().c_str(), token.at("valid_until").as_string().c_str(),
                is_whole ? "whole log" : token.at("unit").as_string().c_str(),
                token.at("name").as_string().c_str());
  }
}

}  // namespace

Result<json::object> serve_tokens(TokenStore& tokens, const ApiState& state, events::Timestamp now,
                                  const json::object& request) {
  json::object answer;
  if (const json::value* const wanted = request.if_contains("make")) {
    Result<TokenStore::Made> made = make(tokens, state, now, *wanted);
    if (!made) return made.error();
    log_warning("token_made", {{"number", made->token.number},
                               {"unit", to_string(made->token.unit)},
                               {"valid_until", events::to_iso(made->token.valid_until)}});
    answer["token"] = made->text;
    answer["number"] = made->token.number;
  }
  if (const json::value* const number = request.if_contains("revoke")) {
    boost::system::error_code wrong;
    const auto which = number->to_number<std::uint32_t>(wrong);
    if (wrong) return Error{ErrorCode::invalid_argument, "revoke: the number of a token"};
    const Result<ApiToken> revoked = tokens.revoke(which, now);
    if (!revoked) return revoked.error();
    log_warning("token_revoked", {{"number", which}});
  }
  json::array& list = answer["tokens"].emplace_array();
  for (const ApiToken& token : tokens.all()) list.push_back(in_json(token, now));
  return answer;
}

int run_token(int argc, const char* const* argv) {
  Options options;
  CLI::App app("Makes, lists and revokes the tokens of other systems.", "khuyenhoc-server token");
  app.footer(footer);
  app.require_subcommand(1);
  app.add_option("--data", options.data, "Directory of the server's data")
      ->required()
      ->type_name("DIR");
  CLI::App* const add = app.add_subcommand("add", "Make a token and print it, this once");
  add->add_option("--name", options.name, "Who gets it, for the list")
      ->required()
      ->type_name("TEXT");
  CLI::Option* const unit = add->add_option("--unit", options.unit,
                                            "Id of the commune, district or province that it reads")
                                ->type_name("ID");
  CLI::Option* const whole =
      add->add_flag("--whole-log", options.whole_log, "It reads the whole log")->excludes(unit);
  add->add_option("--valid-days", options.valid_days, "Days until it ends")
      ->required()
      ->type_name("N")
      ->check(CLI::Range(1U, token_days_max));
  CLI::App* const revoke = app.add_subcommand("revoke", "End a token at once");
  revoke->add_option("number", options.number, "Its number in the list")
      ->required()
      ->type_name("N");
  app.add_subcommand("list", "List the tokens");
  try {
    app.parse(argc, argv);
    if (add->parsed() && unit->count() == 0 && whole->count() == 0) {
      throw CLI::ValidationError("give --unit ID or --whole-log");
    }
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  json::object request;
  request["do"] = "token";
  if (add->parsed()) {
    json::object& make = request["make"].emplace_object();
    make["name"] = options.name;
    make["unit"] = options.whole_log ? std::string("-") : options.unit;
    make["valid_days"] = options.valid_days;
  }
  if (revoke->parsed()) request["revoke"] = options.number;
  const Result<json::object> answer = ask_running_server(options.data, request, {});
  if (!answer) {
    std::fprintf(stderr, "khuyenhoc-server: %s: %s\n", events::name_of(answer.error().code),
                 answer.error().message.c_str());
    return answer.error().code == ErrorCode::invalid_argument ? 2 : 1;
  }
  if (add->parsed()) {
    std::printf("%s\n", answer->at("token").as_string().c_str());
    std::fprintf(stderr, "token %" PRIu64 "; it is not shown again\n",
                 answer->at("number").to_number<std::uint64_t>());
    return 0;
  }
  print_tokens(*answer);
  return 0;
}

}  // namespace server
