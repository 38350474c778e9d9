#include "clients/cli/commands.h"

#include <string>

// The command that changes where the device looks for its server: server.

namespace clients {

using events::Result;
namespace json = boost::json;

namespace {

struct ServerOptions {
  std::string url;
};

Result<int> run_server(Session& session, const ServerOptions& options) {
  if (options.url.empty()) session.only_read();
  const Result<Device*> device = session.device_as_it_is();
  if (!device) return device.error();
  const std::string before = (*device)->server_url();
  if (!options.url.empty()) {
    if (Result<void> kept = (*device)->use_server(options.url); !kept) return kept.error();
  }
  if (session.options().json) {
    print_json(session.out(), json::object{{"server", (*device)->server_url()}});
  } else if (options.url.empty()) {
    print(session.out(), "Máy chủ của thiết bị: {}\n", before);
  } else {
    print(session.out(), "Từ nay thiết bị tìm máy chủ ở {} (trước đây: {}).\n", options.url,
          before);
  }
  return exit_ok;
}

}  // namespace

void add_server_command(CommandLine& line) {
  add_command<ServerOptions>(
      line, "server", "Xem hoặc đổi hẳn địa chỉ máy chủ của thiết bị",
      "  khuyenhoc --home H server\n"
      "  khuyenhoc --home H server wss://khuyenhoc-moi.example:8470",
      [](CommandOptions& command, ServerOptions& options) {
        command.add_option("url", options.url, "Địa chỉ mới, wss://…; bỏ trống để xem");
      },
      run_server);
}

}  // namespace clients
