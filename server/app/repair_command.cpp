#include "server/app/repair_command.h"

#include "events/text/text_check.h"
#include "server/app/control_socket.h"
#include "server/repair/repair_service.h"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>

#include <cinttypes>
#include <cstdio>
#include <string>

namespace server {

namespace json = boost::json;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

constexpr int exit_not_over = 3;

constexpr const char* footer = R"(
Examples:
  khuyenhoc-server repair --data /var/lib/khuyenhoc
  khuyenhoc-server repair --data /var/lib/khuyenhoc --json
  khuyenhoc-server repair --data /var/lib/khuyenhoc --finish
  khuyenhoc-server repair --data /var/lib/khuyenhoc --finish --give-up

A restored server accepts nothing new until it has taken back from the devices what the backup
lacks.  That is over by itself when every device that is not revoked has come and nothing that a
receipt proves is missing.  --finish ends it before: devices that come later push their own events
again, to new positions.  It refuses while something that was acknowledged has not come; --give-up
ends it all the same.  The server must be running.
Exit codes: 0 over, 3 not over yet, 1 failed, 2 wrong use.)";

std::uint64_t number(const json::object& object, const char* name) {
  return object.at(name).to_number<std::uint64_t>();
}

/// Devices that have not come, and those whose blocks were false.
void print_devices(const json::array& devices) {
  std::size_t complete = 0;
  for (const json::value& row : devices) complete += row.at("complete").as_bool() ? 1U : 0U;
  std::printf("devices: %zu of %zu have given what they have\n", complete, devices.size());
  for (const json::value& row : devices) {
    const json::object& device = row.as_object();
    const std::string label =
        events::escape_text(std::string_view(device.at("label").as_string()), false);
    if (!device.at("complete").as_bool()) {
      std::printf("  not yet: chain %" PRIu64 " %s\n", number(device, "chain"), label.c_str());
    }
    if (number(device, "false_blocks") > 0) {
      std::printf("  FALSE BLOCKS: %" PRIu64 " from chain %" PRIu64 " %s: look at this device\n",
                  number(device, "false_blocks"), number(device, "chain"), label.c_str());
    }
  }
}

void print_missing(const json::object& report) {
  for (const json::value& range : report.at("missing").as_array()) {
    std::printf("missing: positions %" PRIu64 " to %" PRIu64 "\n",
                range.as_array().at(0).to_number<std::uint64_t>(),
                range.as_array().at(1).to_number<std::uint64_t>());
  }
  for (const json::value& row : report.at("missing_chains").as_array()) {
    const json::object& chain = row.as_object();
    std::printf("missing: chain %" PRIu64 ", events %" PRIu64 " to %" PRIu64 " were acknowledged\n",
                number(chain, "chain"), number(chain, "has_seq") + 1, number(chain, "proved_seq"));
  }
}

void print_missing_files(const json::object& report) {
  if (const std::uint64_t files = number(report, "missing_files"); files > 0) {
    std::printf("missing: %" PRIu64
                " evidence files that the log calls stored; devices that may have them are asked "
                "when they come\n",
                files);
  }
}

void print_report(const json::object& report, bool finished) {
  const json::object& restored = report.at("restored").as_object();
  const json::object& head = report.at("head").as_object();
  if (number(restored, "epoch") == 0) {
    std::printf("this log was not restored, or has long been repaired: position %" PRIu64 "\n",
                number(head, "position"));
    return print_missing_files(report);
  }
  std::printf("restored at position %" PRIu64 ", now at %" PRIu64 ": %" PRIu64
              " events taken back\n",
              number(restored, "position"), number(head, "position"), number(report, "inserted"));
  if (!report.at("healing").as_bool() && !finished) {
    std::printf("over: the server is in normal service\n");
    return print_missing_files(report);
  }
  std::printf("receipts prove the log up to position %" PRIu64 "; %" PRIu64 " blocks wait (%" PRIu64
              " bytes)\n",
              number(report, "proved_to"), number(report, "staged_blocks"),
              number(report, "staged_bytes"));
  print_missing(report);
  if (const std::uint64_t records = number(report, "missing_records"); records > 0) {
    std::printf("missing: %" PRIu64
                " private records (names) of events taken back; no device has "
                "given them\n",
                records);
  }
  print_devices(report.at("devices").as_array());
  if (!finished) return;
  std::printf("finished: %" PRIu64 " acknowledged events given up at their positions, %" PRIu64
              " blocks dropped; their devices push them again\n",
              number(report, "given_up_now"), number(report, "staged_blocks"));
}

int fail(const Error& error) {
  std::fprintf(stderr, "khuyenhoc-server: %s: %s\n", events::name_of(error.code),
               error.message.c_str());
  if (error.code == ErrorCode::not_permitted) return exit_not_over;
  return error.code == ErrorCode::invalid_argument ? 2 : 1;
}

}  // namespace

int run_repair(int argc, const char* const* argv) {
  std::string data;
  bool finish = false;
  bool give_up = false;
  bool as_json = false;
  CLI::App app("Shows how far a restored server has come, and ends its repair.",
               "khuyenhoc-server repair");
  app.footer(footer);
  app.add_option("--data", data, "Directory of the server's data")->required()->type_name("DIR");
  CLI::Option* const end = app.add_flag("--finish", finish, "End it now");
  app.add_flag("--give-up", give_up, "Also when acknowledged events have not come")->needs(end);
  app.add_flag("--json", as_json, "One object of JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  Result<json::object> report = ask_running_server(data, repair_request(finish, give_up), {});
  if (!report && report.error().code == ErrorCode::not_found) {
    report = Error{ErrorCode::not_found, "no server runs on " + data + ": start it, then ask"};
  }
  if (!report) return fail(report.error());
  if (as_json) {
    std::printf("%s\n", json::serialize(*report).c_str());
  } else {
    print_report(*report, finish);
  }
  return report->at("healing").as_bool() ? exit_not_over : 0;
}

}  // namespace server
