#include "clients/cli/secret_input.h"

#include "clients/cli/output/output.h"
#include "clients/device/owner_file.h"
#include "platform/random.h"

#include <fmt/core.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace clients {

using events::Bytes;
using events::ErrorCode;
using events::Result;

namespace {

constexpr std::size_t pin_bytes_max = 256;
constexpr std::size_t code_bytes_max = 256;
constexpr std::size_t key_file_bytes_min = 16;
constexpr std::size_t key_file_bytes_max = 4096;

LockSecret pin_of(std::string_view text) {
  const events::ByteView bytes = events::bytes_of(text);
  return {LockKind::pin, Bytes(bytes.begin(), bytes.end())};
}

/// What a file of secrets holds, or why it must not be used.
Result<Bytes> secret_file(const std::string& path, std::size_t limit) {
  Result<Bytes> content = read_owner_file(path, limit);
  if (content) return content;
  switch (content.error().code) {
    case ErrorCode::not_permitted:
      return usage_error(
          fmt::format("Tệp {0} đang cho người khác đọc; hãy chạy: chmod 600 {0}", path));
    case ErrorCode::not_found:
      return events::Error{ErrorCode::not_found, fmt::format("Không có tệp {}.", path)};
    case ErrorCode::storage_corrupt:
      return usage_error(fmt::format("Tệp {} dài quá {} byte.", path, limit));
    default:
      return usage_error(fmt::format("Không đọc được tệp {}.", path));
  }
}

Result<LockSecret> pin_file_secret(const std::string& path) {
  Result<Bytes> content = secret_file(path, pin_bytes_max);
  if (!content) return content.error();
  const auto end = std::ranges::find_if(*content, [](auto b) { return b == '\n' || b == '\r'; });
  LockSecret secret(LockKind::pin, Bytes(content->begin(), end));
  events::wipe(*content);
  if (secret.content.empty()) return usage_error(fmt::format("Tệp {} không có mã PIN.", path));
  return secret;
}

/// Keeps the terminal from showing what is typed, for as long as the object lives.
class HiddenTyping {
 public:
  HiddenTyping() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;
  ~HiddenTyping() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }

 private:
  termios before_{};
  bool changed_ = false;
};

}  // namespace

Result<std::string> one_time_code(const CodeSources& sources, const std::string& question) {
  const std::string ways = fmt::format(
      "hãy dùng {0}-file TỆP, hoặc {0} - để đọc từ đầu vào, hoặc bỏ trống để nhập khi được hỏi",
      sources.option);
  if (!sources.given.empty() && sources.given != "-") {
    return usage_error(
        fmt::format("Không ghi mã ngay sau {}, vì người khác trên máy này đọc được dòng lệnh; {}.",
                    sources.option, ways));
  }
  if (!sources.file.empty() && !sources.given.empty()) {
    return usage_error(fmt::format("Chỉ dùng một trong {0} - và {0}-file.", sources.option));
  }
  std::string line;
  if (!sources.file.empty()) {
    Result<Bytes> content = secret_file(sources.file, code_bytes_max);
    if (!content) return content.error();
    const auto end = std::ranges::find_if(*content, [](auto b) { return b == '\n' || b == '\r'; });
    line.assign(content->begin(), end);
    events::wipe(*content);
  } else {
    const bool is_asked = sources.given.empty();
    if (is_asked && ::isatty(STDIN_FILENO) != 1) return usage_error("Cần mã: " + ways + ".");
    if (is_asked) std::cerr << question << std::flush;
    std::getline(std::cin, line);
    if (line.size() > code_bytes_max) line.resize(code_bytes_max);
  }
  if (line.empty()) return usage_error("Không có mã nào; " + ways + ".");
  return line;
}

Result<std::optional<LockSecret>> given_secret(const SecretSources& sources) {
  const auto one = [](Result<LockSecret> secret) -> Result<std::optional<LockSecret>> {
    if (!secret) return secret.error();
    return std::optional<LockSecret>(std::move(*secret));
  };
  if (!sources.pin_file.empty()) return one(pin_file_secret(sources.pin_file));
  if (!sources.key_file.empty()) return one(key_file_secret(sources.key_file, false));
  if (const char* const pin = std::getenv("KHUYENHOC_PIN"); pin != nullptr && *pin != '\0') {
    return std::optional<LockSecret>(pin_of(pin));
  }
  if (const char* const path = std::getenv("KHUYENHOC_KEY_FILE");
      path != nullptr && *path != '\0') {
    return one(key_file_secret(path, false));
  }
  return std::optional<LockSecret>{};
}

Result<LockSecret> typed_pin(const std::string& question) {
  if (::isatty(STDIN_FILENO) != 1) {
    return events::Error{ErrorCode::locked,
                         "Cần mã PIN: hãy đưa --pin-file TỆP hoặc biến KHUYENHOC_PIN."};
  }
  std::cerr << question << std::flush;
  std::string line;
  {
    const HiddenTyping hidden;
    std::getline(std::cin, line);
  }
  std::cerr << '\n';
  LockSecret secret = pin_of(line);
  events::wipe({reinterpret_cast<std::uint8_t*>(line.data()), line.size()});
  return secret;
}

Result<void> check_new_secret(const LockSecret& secret) {
  if (secret.kind != LockKind::pin) return {};
  const Bytes& pin = secret.content;
  const bool repeats = std::ranges::all_of(pin, [&](auto byte) { return byte == pin.front(); });
  if (pin.size() < pin_length_min || pin.size() > pin_bytes_max || repeats) {
    return usage_error(fmt::format("Mã PIN phải có ít nhất {} chữ hoặc số và không lặp một ký tự.",
                                   pin_length_min));
  }
  return {};
}

Result<LockSecret> key_file_secret(const std::string& path, bool create) {
  Result<Bytes> content = secret_file(path, key_file_bytes_max);
  if (!content && create && content.error().code == ErrorCode::not_found) {
    events::SecretSeed drawn = platform::random_seed();
    if (const Result<void> written = write_owner_file(path, drawn.bytes); !written) {
      return usage_error(fmt::format("Không ghi được tệp khóa {}.", path));
    }
    Bytes bytes(drawn.bytes.begin(), drawn.bytes.end());
    events::wipe(drawn.bytes);
    return LockSecret(LockKind::key_file, std::move(bytes));
  }
  if (!content) return content.error();
  if (content->size() < key_file_bytes_min) {
    return usage_error(fmt::format("Tệp khóa {} ngắn hơn {} byte.", path, key_file_bytes_min));
  }
  return LockSecret(LockKind::key_file, std::move(*content));
}

}  // namespace clients
