#include "server/app/clock_command.h"

#include "server/app/control_socket.h"
#include "server/commit/clock_service.h"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>

#include <cstdio>
#include <string>

namespace server {

namespace json = boost::json;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

constexpr int exit_wrong = 3;

constexpr const char* footer = R"(
Examples:
  khuyenhoc-server clock --data /var/lib/khuyenhoc
  khuyenhoc-server clock --data /var/lib/khuyenhoc --confirm

While the clock may not be believed the server takes nothing in, and devices are told so.  Look at
the time this prints.  If it is wrong, set the machine's clock; the server goes on by itself.  If it
is right, say so with --confirm: when the log's last receipt is later than that, an event in the log
says that its times ran ahead, and they go on from the right time.  The server must be running.
Exit codes: 0 the clock may be believed, 3 not, 1 failed, 2 wrong use.)";

ClockFault fault_of(const json::object& report) {
  using enum ClockFault;
  for (const ClockFault fault : {before_release, behind_log, stepped, doubted}) {
    if (report.at("fault").as_string() == name_of(fault)) return fault;
  }
  return none;
}

void print_report(const json::object& report) {
  std::printf("clock        %s\n", report.at("clock").as_string().c_str());
  const json::value& last = report.at("last_receipt");
  std::printf("last receipt %s\n", last.is_null() ? "none" : last.as_string().c_str());
  std::printf("%s\n", std::string(explain(fault_of(report))).c_str());
}

}  // namespace

int run_clock(int argc, const char* const* argv) {
  std::string data;
  bool confirm = false;
  bool as_json = false;
  CLI::App app("Shows whether the server's clock may be believed, and confirms it.",
               "khuyenhoc-server clock");
  app.footer(footer);
  app.add_option("--data", data, "Directory of the server's data")->required()->type_name("DIR");
  app.add_flag("--confirm", confirm, "The clock is right as it is now");
  app.add_flag("--json", as_json, "One object of JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  Result<json::object> report = ask_running_server(data, clock_request(confirm), {});
  if (!report && report.error().code == ErrorCode::not_found) {
    report = Error{ErrorCode::not_found, "no server runs on " + data + ": start it, then ask"};
  }
  if (!report) {
    std::fprintf(stderr, "khuyenhoc-server: %s: %s\n", events::name_of(report.error().code),
                 report.error().message.c_str());
    return 1;
  }
  if (as_json) {
    std::printf("%s\n", json::serialize(*report).c_str());
  } else {
    print_report(*report);
  }
  return report->at("right").as_bool() ? 0 : exit_wrong;
}

}  // namespace server
