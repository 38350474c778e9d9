#include "tools/bench/server_process.h"

#include "events/check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// A port that was free a moment ago.
std::uint16_t free_port() {
  const int socket_file = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  const bool bound =
      bind(socket_file, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      getsockname(socket_file, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(socket_file);
  CHECK(bound, "loopback has a free port");
  return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
  const int socket_file = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(port);
  const bool connected =
      connect(socket_file, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(socket_file);
  return connected;
}

}  // namespace

ServerProcess::ServerProcess(const std::filesystem::path& data) {
  const std::uint16_t port = free_port();
  const std::string address = "127.0.0.1:" + std::to_string(port);
  const std::filesystem::path program =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "khuyenhoc-server";
  CHECK(std::filesystem::exists(program), "the server is built with the bench");
  process_ = fork();
  CHECK(process_ >= 0, "the machine can start one more process");
  if (process_ == 0) {
    const int silence = open("/dev/null", O_WRONLY);
    dup2(silence, STDERR_FILENO);
    dup2(silence, STDOUT_FILENO);
    execl(program.c_str(), program.c_str(), "--data", data.c_str(), "--listen", address.c_str(),
          nullptr);
    _exit(127);
  }
  url_ = "ws://" + address;
  for (int attempt = 0; attempt < 400 && !listens(port); ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  CHECK(listens(port), "a founded server listens within 20 seconds");
}

ServerProcess::~ServerProcess() {
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

}  // namespace bench
