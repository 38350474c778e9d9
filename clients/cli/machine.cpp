#include "clients/cli/machine.h"

#include "events/check.h"

#include <sys/random.h>

#include <chrono>
#include <span>

namespace clients::machine {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t code_length = 16;

void fill_random(std::span<std::uint8_t> bytes) {
  const ssize_t filled = ::getrandom(bytes.data(), bytes.size(), 0);
  CHECK(filled == static_cast<ssize_t>(bytes.size()), "the kernel gives up to 256 bytes at once");
}

char upper(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

}  // namespace

std::uint64_t steady_milliseconds() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

events::Timestamp now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  return events::Timestamp{static_cast<std::uint64_t>(milliseconds)};
}

std::array<std::uint8_t, 16> random_16() {
  std::array<std::uint8_t, 16> bytes{};
  fill_random(bytes);
  return bytes;
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : random_16()) number = number << 8U | byte;
  return number;
}

events::SecretSeed random_seed() {
  events::SecretSeed seed;
  fill_random(seed.bytes);
  return seed;
}

std::string new_code() {
  std::string code;
  for (const std::uint8_t byte : random_16()) code.push_back(alphabet[byte % alphabet.size()]);
  return code;
}

std::string spell_code(std::string_view code) {
  std::string spelled;
  for (std::size_t index = 0; index < code.size(); ++index) {
    if (index != 0 && index % 4 == 0) spelled.push_back('-');
    spelled.push_back(code[index]);
  }
  return spelled;
}

events::Result<std::string> normalized_code(std::string_view typed) {
  std::string code;
  bool all_known = true;
  for (const char typed_letter : typed) {
    char letter = upper(typed_letter);
    if (letter == '-' || letter == ' ') continue;
    if (letter == 'I' || letter == 'L') letter = '1';
    if (letter == 'O') letter = '0';
    all_known = all_known && alphabet.find(letter) != std::string_view::npos;
    code.push_back(letter);
  }
  if (all_known && code.size() == code_length) return code;
  return events::Error{events::ErrorCode::invalid_argument,
                       "Mã mời phải có 16 chữ và số, dạng XXXX-XXXX-XXXX-XXXX; hãy nhập lại."};
}

}  // namespace clients::machine
