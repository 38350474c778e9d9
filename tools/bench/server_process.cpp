#include "tools/bench/server_process.h"

#include "events/base/check.h"
#include "tools/bench/certificate.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>
#include <vector>

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

ServerProcess::ServerProcess(const std::filesystem::path& data, bool tls,
                             const std::vector<std::string>& options)
    : port_(free_port()) {
  const std::string address = "127.0.0.1:" + std::to_string(port_);
  std::vector<std::string> words{"khuyenhoc-server", "--data", data, "--listen", address};
  if (tls) {
    const Certificate certificate = make_certificate(data / "tls");
    words.insert(words.end(),
                 {"--tls-certificate", certificate.certificate, "--tls-key", certificate.key});
    endpoint_.authorities = certificate.authority_pem;
  }
  // A bench puts the work of years into one day.
  words.insert(words.end(), {"--quota-factor", "1000"});
  words.insert(words.end(), options.begin(), options.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::filesystem::path program =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "khuyenhoc-server";
  CHECK(std::filesystem::exists(program), "the server is built with the bench");
  process_ = fork();
  CHECK(process_ >= 0, "the machine can start one more process");
  if (process_ == 0) {
    const int silence = open("/dev/null", O_WRONLY);
    dup2(silence, STDERR_FILENO);
    dup2(silence, STDOUT_FILENO);
    execv(program.c_str(), arguments.data());
    _exit(127);
  }
  endpoint_.url = (tls ? "wss://" : "ws://") + address;
  for (int attempt = 0; attempt < 400 && !listens(port_); ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  CHECK(listens(port_), "a founded server listens within 20 seconds");
}

Endpoint ServerProcess::through(std::uint16_t relay_port) const {
  Endpoint seen = endpoint_;
  seen.url = endpoint_.url.substr(0, endpoint_.url.rfind(':') + 1) + std::to_string(relay_port);
  return seen;
}

ServerProcess::~ServerProcess() {
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

}  // namespace bench
