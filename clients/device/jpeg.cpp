#include "clients/device/jpeg.h"

#include <fmt/core.h>
#include <jerror.h>
#include <jpeglib.h>
#include <libexif/exif-data.h>

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace clients {

using events::Error;
using events::Result;

namespace {

/// What libjpeg may hold at once: a progressive picture is held whole.
constexpr long decoder_memory_bytes_max = 512L * 1024 * 1024;

/// libjpeg's way to fail is a jump; warnings come by message.
struct Complaints {
  jpeg_error_mgr base;
  std::jmp_buf failed;
  bool is_cut;
};

Complaints& complaints_of(j_common_ptr decoder) {
  return *reinterpret_cast<Complaints*>(decoder->err);
}

void fail(j_common_ptr decoder) { std::longjmp(complaints_of(decoder).failed, 1); }

void take_message(j_common_ptr decoder, int level) {
  Complaints& complaints = complaints_of(decoder);
  if (level >= 0) return;
  const int code = complaints.base.msg_code;
  if (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER) complaints.is_cut = true;
}

/// How the picture has to be turned to stand upright: 1 to 8 as EXIF 2.3 numbers them; 1 when the
/// picture does not say.
int orientation_of(events::ByteView bytes) {
  ExifData* const data =
      exif_data_new_from_data(bytes.data(), static_cast<unsigned int>(bytes.size()));
  if (data == nullptr) return 1;
  int orientation = 1;
  ExifEntry* const entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry != nullptr && entry->format == EXIF_FORMAT_SHORT && entry->size >= 2) {
    orientation = exif_get_short(entry->data, exif_data_get_byte_order(data));
  }
  exif_data_unref(data);
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/// Rows of red, green and blue.
struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<JSAMPLE> rows;
};

enum class Outcome { whole, cut, too_many_pixels, unreadable };

/// Objects with destructors live outside: a jump out of libjpeg passes over those inside.
Outcome decode(events::ByteView bytes, int side, Pixels& pixels) {
  jpeg_decompress_struct decoder{};
  Complaints complaints{};
  decoder.err = jpeg_std_error(&complaints.base);
  complaints.base.error_exit = fail;
  complaints.base.emit_message = take_message;
  complaints.base.output_message = [](j_common_ptr) {};
  if (setjmp(complaints.failed) != 0) {
    const bool no_room = complaints.base.msg_code == JERR_OUT_OF_MEMORY ||
                         complaints.base.msg_code == JERR_NO_BACKING_STORE ||
                         complaints.base.msg_code == JERR_IMAGE_TOO_BIG;
    jpeg_destroy_decompress(&decoder);
    if (complaints.is_cut) return Outcome::cut;
    return no_room ? Outcome::too_many_pixels : Outcome::unreadable;
  }
  jpeg_create_decompress(&decoder);
  decoder.mem->max_memory_to_use = decoder_memory_bytes_max;
  jpeg_mem_src(&decoder, bytes.data(), static_cast<unsigned long>(bytes.size()));
  jpeg_read_header(&decoder, TRUE);
  const std::int64_t count = std::int64_t{decoder.image_width} * decoder.image_height;
  if (count > jpeg_pixels_max) {
    jpeg_destroy_decompress(&decoder);
    return Outcome::too_many_pixels;
  }
  const std::int64_t longest = std::max(decoder.image_width, decoder.image_height);
  unsigned int divisor = 8;
  while (divisor > 1 && longest / divisor < side) divisor /= 2;
  decoder.scale_num = 1;
  decoder.scale_denom = divisor;
  decoder.out_color_space = JCS_RGB;
  jpeg_start_decompress(&decoder);
  pixels.width = static_cast<int>(decoder.output_width);
  pixels.height = static_cast<int>(decoder.output_height);
  const std::size_t row_bytes = std::size_t{decoder.output_width} * 3;
  pixels.rows.resize(row_bytes * decoder.output_height);
  while (decoder.output_scanline < decoder.output_height) {
    JSAMPROW row = pixels.rows.data() + row_bytes * decoder.output_scanline;
    jpeg_read_scanlines(&decoder, &row, 1);
  }
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
  return complaints.is_cut ? Outcome::cut : Outcome::whole;
}

/// The picture as it stands upright.
Result<Picture> upright(const Pixels& pixels, int orientation) {
  const bool lies = orientation >= 5;
  const int width = lies ? pixels.height : pixels.width;
  const int height = lies ? pixels.width : pixels.height;
  Picture picture(gdImageCreateTrueColor(width, height));
  if (!picture) return unfit_picture("Không đủ bộ nhớ để mở ảnh; hãy chụp lại ảnh nhỏ hơn.");
  const bool from_right =
      orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool from_bottom =
      orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  for (int y = 0; y < height; ++y) {
    const int row = from_bottom ? height - 1 - y : y;
    for (int x = 0; x < width; ++x) {
      const int column = from_right ? width - 1 - x : x;
      const int source_x = lies ? row : column;
      const int source_y = lies ? column : row;
      const std::size_t at =
          (static_cast<std::size_t>(source_y) * static_cast<std::size_t>(pixels.width) +
           static_cast<std::size_t>(source_x)) *
          3;
      const JSAMPLE* const colour = pixels.rows.data() + at;
      gdImageTrueColorPixel(picture.get(), x, y) = gdTrueColor(colour[0], colour[1], colour[2]);
    }
  }
  return picture;
}

}  // namespace

Error unfit_picture(std::string what) {
  return Error{events::ErrorCode::invalid_argument, std::move(what)};
}

Result<Picture> open_jpeg(events::ByteView bytes, int side) {
  Pixels pixels;
  switch (decode(bytes, side, pixels)) {
    case Outcome::whole:
      return upright(pixels, orientation_of(bytes));
    case Outcome::cut:
      return unfit_picture(
          "Tệp ảnh bị cắt ngang, thiếu phần cuối; hãy chép lại ảnh từ máy chụp hoặc chụp lại.");
    case Outcome::too_many_pixels:
      return unfit_picture(
          fmt::format("Ảnh có quá nhiều điểm ảnh (tối đa {} triệu); hãy chụp lại với độ phân giải "
                      "thấp hơn.",
                      jpeg_pixels_max / 1'000'000));
    case Outcome::unreadable:
      break;
  }
  return unfit_picture("Không đọc được ảnh JPEG này; hãy chụp lại hoặc chọn tệp khác.");
}

}  // namespace clients
