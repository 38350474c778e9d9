#include "clients/device/picture.h"

#include "clients/device/jpeg.h"

#include <gd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace clients {

using events::Bytes;
using events::Error;
using events::ErrorCode;
using events::MediaType;
using events::Result;

namespace {

bool holds(events::ByteView bytes, std::string_view word) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return text.find(word) != std::string_view::npos;
}

/// A PNG of more pixels would take more memory than an old phone has; cameras make no PNG.
constexpr std::uint64_t png_pixels_max = 50'000'000;
constexpr int sides_of_reduced[] = {3'000, 2'200, 1'600};
constexpr int quality_of_reduced = 80;
constexpr int sides_of_thumbnail[] = {320, 240, 160, 96};
constexpr int qualities_of_thumbnail[] = {60, 40, 25};

Error usage(const char* what) { return unfit_picture(what); }

std::uint32_t big_endian(events::ByteView bytes, std::size_t at, std::size_t count) {
  std::uint32_t number = 0;
  for (std::size_t index = 0; index < count; ++index) number = number << 8U | bytes[at + index];
  return number;
}

/// libgd reserves memory for what the head of a PNG claims, and takes one that is cut short.
Result<Picture> open_png(const Bytes& bytes) {
  constexpr std::string_view end("\0\0\0\0IEND\xAE\x42\x60\x82", 12);
  if (bytes.size() < 24 + end.size()) {
    return usage("Tệp ảnh bị cắt ngang; hãy chép lại ảnh hoặc chụp lại.");
  }
  // A chunk in front of the head would let another size be read here than libgd reserves for.
  constexpr std::string_view head("\0\0\0\x0DIHDR", 8);
  if (!std::ranges::equal(events::ByteView(bytes).subspan(8, 8), events::bytes_of(head))) {
    return usage("Không đọc được ảnh PNG này; hãy chụp lại hoặc chọn tệp khác.");
  }
  const std::uint64_t pixels = std::uint64_t{big_endian(bytes, 16, 4)} * big_endian(bytes, 20, 4);
  if (pixels > png_pixels_max) {
    return usage("Ảnh PNG có quá nhiều điểm ảnh (tối đa 50 triệu); hãy lưu lại dạng JPEG.");
  }
  if (!holds(bytes, end)) {
    return usage("Tệp ảnh bị cắt ngang, thiếu phần cuối; hãy chép lại ảnh hoặc chụp lại.");
  }
  gdSetErrorMethod([](int, const char*, va_list) {});
  auto* const data = const_cast<std::uint8_t*>(bytes.data());  // libgd only reads it.
  Picture picture(gdImageCreateFromPngPtr(static_cast<int>(bytes.size()), data));
  if (!picture) return usage("Không đọc được ảnh PNG này; hãy chụp lại hoặc chọn tệp khác.");
  return picture;
}

/// Not much smaller than `side` pixels, when it has so many.
Result<Picture> open_picture(const Bytes& bytes, MediaType media, int side) {
  return media == MediaType::png ? open_png(bytes) : open_jpeg(bytes, side);
}

/// Whether a PDF goes on to its end: "%%EOF" within the last 1,024 bytes, behind the offset of its
/// table (ISO 32000-1, 7.5.5 and annex H).
bool is_whole_pdf(events::ByteView bytes) {
  constexpr std::size_t tail_bytes = 1'024;
  const events::ByteView tail = bytes.last(std::min(bytes.size(), tail_bytes));
  return holds(tail, "startxref") && holds(tail, "%%EOF");
}

/// No side longer than `side`; a JPEG.
Bytes reduced(const gdImage& picture, int side, int quality) {
  const int longest = std::max(gdImageSX(&picture), gdImageSY(&picture));
  const auto scaled = [&](int length) {
    const std::int64_t exact = std::int64_t{length} * side / longest;
    return longest <= side ? length : static_cast<int>(std::max<std::int64_t>(exact, 1));
  };
  const int width = scaled(gdImageSX(&picture));
  const int height = scaled(gdImageSY(&picture));
  const Picture target(gdImageCreateTrueColor(width, height));
  if (!target) return {};
  auto* const source = const_cast<gdImage*>(&picture);  // libgd only reads it.
  gdImageFilledRectangle(target.get(), 0, 0, width - 1, height - 1, gdTrueColor(255, 255, 255));
  gdImageCopyResampled(target.get(), source, 0, 0, 0, 0, width, height, gdImageSX(source),
                       gdImageSY(source));
  int size = 0;
  void* const data = gdImageJpegPtr(target.get(), &size, quality);
  if (data == nullptr) return {};
  const auto* const begin = static_cast<const std::uint8_t*>(data);
  Bytes bytes(begin, begin + size);
  gdFree(data);
  return bytes;
}

}  // namespace

std::optional<MediaType> media_type_of(events::ByteView bytes) {
  constexpr std::array<std::uint8_t, 3> jpeg{0xFF, 0xD8, 0xFF};
  constexpr std::array<std::uint8_t, 8> png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  constexpr std::array<std::uint8_t, 5> pdf{'%', 'P', 'D', 'F', '-'};
  const auto begins_with = [&](const auto& head) {
    return bytes.size() >= head.size() && std::ranges::equal(bytes.first(head.size()), head);
  };
  if (begins_with(jpeg)) return MediaType::jpeg;
  if (begins_with(png)) return MediaType::png;
  if (begins_with(pdf)) return MediaType::pdf;
  return std::nullopt;
}

Result<FittedFile> fit_evidence(Bytes bytes) {
  const std::optional<MediaType> media = media_type_of(bytes);
  if (!media) return unfit_picture("Minh chứng phải là ảnh JPEG, ảnh PNG hoặc tệp PDF.");
  if (*media == MediaType::pdf && !is_whole_pdf(bytes)) {
    return usage("Tệp PDF trống hoặc bị cắt ngang, thiếu phần cuối; hãy chép lại hoặc quét lại.");
  }
  if (bytes.size() <= events::original_bytes_max) {
    if (*media != MediaType::pdf) {
      const Result<Picture> readable = open_picture(bytes, *media, sides_of_thumbnail[0]);
      if (!readable) return readable.error();
    }
    return FittedFile{std::move(bytes), *media, false};
  }
  const Error too_large{ErrorCode::too_large,
                        "Tệp lớn hơn 5 MB; hãy chụp lại với độ phân giải thấp hơn hoặc chia nhỏ."};
  if (*media == MediaType::pdf) return too_large;
  const Result<Picture> picture = open_picture(bytes, *media, sides_of_reduced[0]);
  if (!picture) return picture.error();
  for (const int side : sides_of_reduced) {
    Bytes smaller = reduced(**picture, side, quality_of_reduced);
    if (!smaller.empty() && smaller.size() <= events::original_bytes_max) {
      return FittedFile{std::move(smaller), MediaType::jpeg, true};
    }
  }
  return too_large;
}

Result<std::optional<Bytes>> thumbnail_of(const FittedFile& file) {
  if (file.media == MediaType::pdf) return std::optional<Bytes>{};
  const Result<Picture> picture = open_picture(file.bytes, file.media, sides_of_thumbnail[0]);
  if (!picture) return picture.error();
  for (const int side : sides_of_thumbnail) {
    for (const int quality : qualities_of_thumbnail) {
      Bytes small = reduced(**picture, side, quality);
      if (!small.empty() && small.size() <= events::thumbnail_bytes_max) {
        return std::optional{std::move(small)};
      }
    }
  }
  return std::optional<Bytes>{};
}

}  // namespace clients
