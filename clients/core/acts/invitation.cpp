#include "clients/core/acts/invitation.h"

#include "events/crypto/key_fingerprint.h"

#include <utility>

namespace clients {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t code_length = 16;
constexpr std::size_t code_group = 4;
constexpr std::size_t fingerprint_group = 5;

char upper(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

void append_groups(std::string& spelled, std::string_view letters, std::size_t group) {
  for (std::size_t index = 0; index < letters.size(); ++index) {
    if (index % group == 0 && !spelled.empty()) spelled.push_back('-');
    spelled.push_back(letters[index]);
  }
}

}  // namespace

std::string Invitation::spelled() const {
  std::string spelled;
  append_groups(spelled, code, code_group);
  append_groups(spelled, fingerprint, fingerprint_group);
  return spelled;
}

Invitation make_invitation(std::string code, const events::PublicKey& log_key) {
  return {std::move(code), events::key_fingerprint(log_key)};
}

events::Result<Invitation> read_invitation(std::string_view typed) {
  std::string letters;
  bool all_known = true;
  for (const char typed_letter : typed) {
    char letter = upper(typed_letter);
    if (letter == '-' || letter == ' ') continue;
    if (letter == 'I' || letter == 'L') letter = '1';
    if (letter == 'O') letter = '0';
    all_known = all_known && alphabet.find(letter) != std::string_view::npos;
    letters.push_back(letter);
  }
  if (all_known && letters.size() == code_length + events::key_fingerprint_length) {
    return Invitation{letters.substr(0, code_length), letters.substr(code_length)};
  }
  if (all_known && letters.size() == code_length) {
    return events::Error{
        events::ErrorCode::invalid_argument,
        "Mã mời thiếu phần sau: 10 chữ và số để thiết bị nhận ra đúng máy chủ. Hãy nhập đủ cả dãy "
        "XXXX-XXXX-XXXX-XXXX-XXXXX-XXXXX như lệnh invite đã in; mã cũ chỉ có 16 chữ thì xin mã "
        "mới."};
  }
  return events::Error{events::ErrorCode::invalid_argument,
                       "Mã mời phải có 26 chữ và số, dạng XXXX-XXXX-XXXX-XXXX-XXXXX-XXXXX; hãy "
                       "nhập lại."};
}

}  // namespace clients
