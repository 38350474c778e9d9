#include "clients/cli/output/qr_code.h"

#include <qrencode.h>

#include <cstddef>
#include <memory>

namespace clients {
namespace {

constexpr std::size_t text_bytes_max = 300;
constexpr int quiet_squares = 4;
constexpr std::string_view white_on_black = "\x1b[40;97m";
constexpr std::string_view usual_colours = "\x1b[0m";

struct Squares {
  const QRcode& code;

  /// Outside the code everything is light.
  bool is_dark(int row, int column) const {
    const int width = code.width;
    if (row < 0 || column < 0 || row >= width || column >= width) return false;
    const auto place = static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                       static_cast<std::size_t>(column);
    return (code.data[place] & 1U) != 0;
  }
};

std::string_view drawn(bool upper_is_dark, bool lower_is_dark) {
  if (upper_is_dark) return lower_is_dark ? " " : "▄";
  return lower_is_dark ? "▀" : "█";
}

}  // namespace

events::Result<std::string> qr_lines(std::string_view text, bool in_colour) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      text.size() > text_bytes_max
          ? nullptr
          : QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M),
      QRcode_free);
  if (code == nullptr) {
    return events::Error{events::ErrorCode::too_large, "a QR code has no room for the text"};
  }
  const Squares squares{*code};
  std::string lines;
  for (int row = -quiet_squares; row < code->width + quiet_squares; row += 2) {
    if (in_colour) lines += white_on_black;
    for (int column = -quiet_squares; column < code->width + quiet_squares; ++column) {
      lines += drawn(squares.is_dark(row, column), squares.is_dark(row + 1, column));
    }
    if (in_colour) lines += usual_colours;
    lines += '\n';
  }
  return lines;
}

}  // namespace clients
