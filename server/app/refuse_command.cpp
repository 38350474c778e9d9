#include "server/app/refuse_command.h"

#include "server/app/control_socket.h"
#include "server/base/logging.h"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <cinttypes>
#include <cstdio>
#include <string>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace json = boost::json;

namespace {

constexpr const char* footer = R"(
Examples:
  khuyenhoc-server refuse --data /var/lib/khuyenhoc --chain 7
  khuyenhoc-server refuse --data /var/lib/khuyenhoc --chain 7 --allow
  khuyenhoc-server refuse --data /var/lib/khuyenhoc --list

Sets a device aside at once, with all chains that continue the given one: nothing is taken from it,
and its next greeting is answered not_permitted.  It needs no role and leaves no event; a device that
is lost is revoked besides, by its administrator.  The list survives a restart.
Exit codes: 0 done, 1 not, 2 wrong use.)";

}  // namespace

Result<json::object> serve_refusing(RefusedChains& refused, const json::object& request) {
  if (const json::value* const chain = request.if_contains("chain")) {
    boost::system::error_code wrong;
    const auto number = chain->to_number<std::uint32_t>(wrong);
    if (wrong || number <= events::system_chain.value || number > events::chain_number_max) {
      return Error{ErrorCode::invalid_argument, "chain: not the number of a device's chain"};
    }
    const json::value* const allow = request.if_contains("allow");
    const bool is_refused = allow == nullptr || !allow->is_bool() || !allow->as_bool();
    if (Result<void> set = refused.set(events::ChainNumber{number}, is_refused); !set) {
      return set.error();
    }
    log_warning(is_refused ? "device_set_aside" : "device_allowed", {{"chain", number}});
  }
  json::array chains;
  for (const events::ChainNumber chain : refused.all()) chains.emplace_back(chain.value);
  json::object answer;
  answer["refused"] = std::move(chains);
  return answer;
}

int run_refuse(int argc, const char* const* argv) {
  std::string data;
  std::uint32_t chain = 0;
  bool allow = false;
  bool list = false;
  CLI::App app("Sets a device aside, or allows it again.", "khuyenhoc-server refuse");
  app.footer(footer);
  app.add_option("--data", data, "Directory of the server's data")->required()->type_name("DIR");
  CLI::Option* const which =
      app.add_option("--chain", chain, "Number of the device's chain")->type_name("N");
  app.add_flag("--allow", allow, "Allow it again")->needs(which);
  app.add_flag("--list", list, "List the devices that are set aside")->excludes(which);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (!list && which->count() == 0) {
    std::fputs("khuyenhoc-server: give --chain N or --list\n", stderr);
    return 2;
  }
  json::object request;
  request["do"] = "refuse";
  if (which->count() > 0) request["chain"] = chain;
  request["allow"] = allow;
  const Result<json::object> answer = ask_running_server(data, request, {});
  if (!answer) {
    std::fprintf(stderr, "khuyenhoc-server: %s: %s\n", events::name_of(answer.error().code),
                 answer.error().message.c_str());
    return answer.error().code == ErrorCode::invalid_argument ? 2 : 1;
  }
  const json::array& refused = answer->at("refused").as_array();
  if (refused.empty()) std::puts("no device is set aside");
  for (const json::value& each : refused) {
    std::printf("set aside: chain %" PRIu64 "\n", each.to_number<std::uint64_t>());
  }
  return 0;
}

}  // namespace server
