#include "tools/link/relay.h"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>

namespace {

namespace net = boost::asio;

int run(std::uint16_t listen, std::uint16_t target, const link_emulator::Profile& profile) {
  net::io_context context{1};
  const net::ip::address_v4 here = net::ip::address_v4::loopback();
  link_emulator::Relay relay(context.get_executor(),
                             net::ip::tcp::acceptor(context, {here, listen}), {here, target},
                             profile);
  relay.start();
  std::cout << "127.0.0.1:" << relay.port() << " -> 127.0.0.1:" << target << '\n' << std::flush;
  net::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code&, int) {
    relay.stop();
    context.stop();
  });
  context.run();
  const link_emulator::Carried& carried = relay.carried();
  std::cout << carried.up << " bytes up, " << carried.down << " bytes down, " << carried.connections
            << " connections, " << carried.cuts << " cuts\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "A bad line between a device and a server on this machine.\n\nExamples:\n"
      "  khuyenhoc-link --to 8470 --listen 8471              the design line: 64 kbit/s, 600 ms\n"
      "  khuyenhoc-link --to 8470 --listen 8471 --profile hamlet.line\n"
      "  khuyenhoc --home H sync --server wss://127.0.0.1:8471\n\n"
      "A profile has lines of `name value`: rate (bits a second), delay, jitter, stall_chance,\n"
      "stall, up, down (milliseconds), cut_bytes, half_open_bytes, overhead, seed."};
  std::uint16_t listen = 0;
  std::uint16_t target = 8470;
  std::string file;
  app.add_option("--listen", listen, "Port to listen on (default: a free one, which is printed)");
  app.add_option("--to", target, "Port of the server")->capture_default_str();
  app.add_option("--profile", file, "File that says how the line behaves");
  CLI11_PARSE(app, argc, argv);

  std::string text(link_emulator::design_line);
  if (!file.empty()) {
    std::ifstream input(file);
    if (!input) {
      std::cerr << "khuyenhoc-link: cannot read " << file << " [io_failed]\n";
      return 2;
    }
    text.assign(std::istreambuf_iterator<char>(input), {});
  }
  const auto profile = link_emulator::read_profile(text);
  if (!profile) {
    std::cerr << "khuyenhoc-link: " << file << ", " << profile.error().message
              << " [invalid_argument]\n";
    return 2;
  }
  try {
    return run(listen, target, *profile);
  } catch (const boost::system::system_error& error) {
    std::cerr << "khuyenhoc-link: " << error.what() << " [io_failed]\n";
    return 1;
  }
}
