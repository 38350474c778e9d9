#include "clients/device/picture.h"

#include <gd.h>
#include <gtest/gtest.h>
#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace clients {
namespace {

using events::ErrorCode;
using events::MediaType;

events::Bytes bytes_of_text(const std::string& text) { return {text.begin(), text.end()}; }

/// Noise, which no compression makes small.
events::Bytes a_picture(int side, MediaType media) {
  gdImagePtr picture = gdImageCreateTrueColor(side, side);
  std::uint32_t seed = 3;
  for (int x = 0; x < side; ++x) {
    for (int y = 0; y < side; ++y) {
      seed = seed * 1'664'525 + 1'013'904'223;
      gdImageSetPixel(picture, x, y, static_cast<int>(seed >> 8U));
    }
  }
  int size = 0;
  void* const data =
      media == MediaType::png ? gdImagePngPtr(picture, &size) : gdImageJpegPtr(picture, &size, 95);
  const auto* const begin = static_cast<const std::uint8_t*>(data);
  events::Bytes bytes(begin, begin + size);
  gdFree(data);
  gdImageDestroy(picture);
  return bytes;
}

events::Bytes jpeg_of(gdImagePtr picture) {
  int size = 0;
  void* const data = gdImageJpegPtr(picture, &size, 95);
  const auto* const begin = static_cast<const std::uint8_t*>(data);
  events::Bytes bytes(begin, begin + size);
  gdFree(data);
  return bytes;
}

constexpr int red = 0xE00000;
constexpr int green = 0x00E000;
constexpr int blue = 0x0000E0;
constexpr int white = 0xF0F0F0;

/// Width by height; as it is stored: red left above, green right above, blue left below, white
/// right below.
events::Bytes four_corners(int width, int height) {
  gdImagePtr picture = gdImageCreateTrueColor(width, height);
  gdImageFilledRectangle(picture, 0, 0, width / 2, height / 2, red);
  gdImageFilledRectangle(picture, width / 2, 0, width - 1, height / 2, green);
  gdImageFilledRectangle(picture, 0, height / 2, width / 2, height - 1, blue);
  gdImageFilledRectangle(picture, width / 2, height / 2, width - 1, height - 1, white);
  events::Bytes bytes = jpeg_of(picture);
  gdImageDestroy(picture);
  return bytes;
}

/// The same picture with an EXIF segment that says how its camera was held.
events::Bytes held_like(const events::Bytes& jpeg, std::uint8_t orientation) {
  const events::Bytes exif{0xFF, 0xE1, 0, 34, 'E', 'x',         'i', 'f', 0,    0,    'M', 'M',
                           0,    42,   0, 0,  0,   8,           0,   1,   0x01, 0x12, 0,   3,
                           0,    0,    0, 1,  0,   orientation, 0,   0,   0,    0,    0,   0};
  events::Bytes bytes(jpeg.begin(), jpeg.begin() + 2);
  bytes.insert(bytes.end(), exif.begin(), exif.end());
  bytes.insert(bytes.end(), jpeg.begin() + 2, jpeg.end());
  return bytes;
}

/// The colour nearest to that of the pixel.
int colour_at(gdImagePtr picture, int x, int y) {
  const int pixel = gdImageGetTrueColorPixel(picture, x, y);
  int nearest = 0;
  int least = 1 << 30;
  for (const int colour : {red, green, blue, white}) {
    const int distance = std::abs(gdTrueColorGetRed(pixel) - gdTrueColorGetRed(colour)) +
                         std::abs(gdTrueColorGetGreen(pixel) - gdTrueColorGetGreen(colour)) +
                         std::abs(gdTrueColorGetBlue(pixel) - gdTrueColorGetBlue(colour));
    if (distance < least) {
      least = distance;
      nearest = colour;
    }
  }
  return nearest;
}

/// Left above, right above, left below, right below.
std::array<int, 4> corners_of(const events::Bytes& jpeg) {
  auto* const data = const_cast<std::uint8_t*>(jpeg.data());
  gdImagePtr picture = gdImageCreateFromJpegPtr(static_cast<int>(jpeg.size()), data);
  const int right = gdImageSX(picture) * 3 / 4;
  const int below = gdImageSY(picture) * 3 / 4;
  const int left = gdImageSX(picture) / 4;
  const int above = gdImageSY(picture) / 4;
  const std::array<int, 4> corners{
      colour_at(picture, left, above), colour_at(picture, right, above),
      colour_at(picture, left, below), colour_at(picture, right, below)};
  gdImageDestroy(picture);
  return corners;
}

/// A grey picture of any size, written row by row.
events::Bytes a_large_jpeg(unsigned int width, unsigned int height) {
  jpeg_compress_struct encoder{};
  jpeg_error_mgr errors{};
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&encoder, &data, &size);
  encoder.image_width = width;
  encoder.image_height = height;
  encoder.input_components = 1;
  encoder.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&encoder);
  jpeg_start_compress(&encoder, TRUE);
  std::vector<JSAMPLE> row(width, 0x80);
  JSAMPROW rows = row.data();
  while (encoder.next_scanline < encoder.image_height) jpeg_write_scanlines(&encoder, &rows, 1);
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  events::Bytes bytes(data, data + size);
  std::free(data);
  return bytes;
}

// What names itself photo.jpg may be anything; the reviewer could not open it.
TEST(Picture, IsWhatItsBytesSay) {
  EXPECT_EQ(media_type_of(a_picture(16, MediaType::jpeg)), MediaType::jpeg);
  EXPECT_EQ(media_type_of(a_picture(16, MediaType::png)), MediaType::png);
  EXPECT_EQ(media_type_of(bytes_of_text("%PDF-1.7\n")), MediaType::pdf);
  for (const char* other : {"", "%PD", "GIF89a", "MZ", "<html>"}) {
    EXPECT_EQ(media_type_of(bytes_of_text(other)), std::nullopt) << other;
    EXPECT_EQ(fit_evidence(bytes_of_text(other)).error().code, ErrorCode::invalid_argument);
  }
}

// A photo that fits would lose what is written on it by being compressed once more.
TEST(Picture, ThatFitsStaysAsItIs) {
  const events::Bytes photo = a_picture(300, MediaType::jpeg);
  const auto fitted = fit_evidence(photo);
  ASSERT_TRUE(fitted);
  EXPECT_EQ(fitted->bytes, photo);
  EXPECT_FALSE(fitted->was_reduced);
}

// A good camera would keep its owner from attaching anything.
TEST(Picture, ThatIsTooLargeBecomesSmaller) {
  const events::Bytes photo = a_picture(1'500, MediaType::png);
  ASSERT_GT(photo.size(), events::original_bytes_max);
  const auto fitted = fit_evidence(photo);
  ASSERT_TRUE(fitted) << fitted.error().message;
  EXPECT_TRUE(fitted->was_reduced);
  EXPECT_EQ(fitted->media, MediaType::jpeg);
  EXPECT_LE(fitted->bytes.size(), events::original_bytes_max);
  events::Bytes pdf = bytes_of_text("%PDF-1.7\n");
  pdf.resize(events::original_bytes_max + 1, 'x');
  const events::Bytes end = bytes_of_text("\nstartxref\n9\n%%EOF\n");
  pdf.insert(pdf.end(), end.begin(), end.end());
  EXPECT_EQ(fit_evidence(pdf).error().code, ErrorCode::too_large);
}

// The commune would wait a minute for each picture of its list.
TEST(Picture, HasAThumbnailOfASecondOfTheLine) {
  for (const MediaType media : {MediaType::jpeg, MediaType::png}) {
    const auto thumbnail = thumbnail_of({a_picture(700, media), media, false});
    ASSERT_TRUE(thumbnail && *thumbnail);
    EXPECT_LE((*thumbnail)->size(), events::thumbnail_bytes_max);
    EXPECT_EQ(media_type_of(**thumbnail), MediaType::jpeg);
  }
  const auto of_pdf = thumbnail_of({bytes_of_text("%PDF-1.7\n"), MediaType::pdf, false});
  ASSERT_TRUE(of_pdf);
  EXPECT_FALSE(*of_pdf);
}

// A certificate that lies on its side is not read by the council, and its words are lost when the
// picture becomes smaller and forgets how it was held.
TEST(Picture, StandsAsItsCameraWasHeld) {
  const events::Bytes stored = four_corners(400, 240);
  // As EXIF 2.3 numbers them: what is left above, right above, left below, right below.
  const std::array<std::array<int, 4>, 8> upright{{{red, green, blue, white},
                                                   {green, red, white, blue},
                                                   {white, blue, green, red},
                                                   {blue, white, red, green},
                                                   {red, blue, green, white},
                                                   {blue, red, white, green},
                                                   {white, green, blue, red},
                                                   {green, white, red, blue}}};
  for (std::uint8_t orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(static_cast<int>(orientation));
    const auto photo = fit_evidence(held_like(stored, orientation));
    ASSERT_TRUE(photo) << photo.error().message;
    const auto thumbnail = thumbnail_of(*photo);
    ASSERT_TRUE(thumbnail && *thumbnail);
    EXPECT_EQ(corners_of(**thumbnail), upright[orientation - 1]);
  }
  events::Bytes large = held_like(four_corners(1'200, 900), 6);
  large.resize(events::original_bytes_max + 1);  // Phones write more behind the picture's end.
  const auto reduced = fit_evidence(std::move(large));
  ASSERT_TRUE(reduced) << reduced.error().message;
  EXPECT_TRUE(reduced->was_reduced);
  EXPECT_EQ(corners_of(reduced->bytes), upright[5]);
}

// The officer would hear years later that only the upper third of the certificate was kept.
TEST(Picture, ThatIsCutShortIsRefusedAsSuch) {
  for (const MediaType media : {MediaType::jpeg, MediaType::png}) {
    const events::Bytes whole = a_picture(300, media);
    for (const std::size_t part : {whole.size() / 3, whole.size() - 3}) {
      events::Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(part));
      const auto refused = fit_evidence(std::move(cut));
      ASSERT_FALSE(refused) << part;
      EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
      EXPECT_NE(refused.error().message.find("bị cắt ngang"), std::string::npos)
          << refused.error().message;
    }
  }
  for (const char* pdf : {"%PDF-", "%PDF-1.7\n", "%PDF-1.7\n1 0 obj\nstartxref\n9\n"}) {
    const auto refused = fit_evidence(bytes_of_text(pdf));
    ASSERT_FALSE(refused) << pdf;
    EXPECT_NE(refused.error().message.find("PDF"), std::string::npos);
  }
  EXPECT_TRUE(fit_evidence(bytes_of_text("%PDF-1.7\n1 0 obj\nstartxref\n9\n%%EOF\n")));
}

// Phones make pictures of 108 million pixels, and some write fill bytes before a marker.
TEST(Picture, OfGoodPhonesIsTaken) {
  const auto large = fit_evidence(a_large_jpeg(12'000, 9'000));
  ASSERT_TRUE(large) << large.error().message;
  EXPECT_TRUE(thumbnail_of(*large));
  events::Bytes filled = a_picture(64, MediaType::jpeg);
  filled.insert(filled.begin() + 2, {0xFF, 0xFF});
  const auto taken = fit_evidence(filled);
  ASSERT_TRUE(taken) << taken.error().message;
  events::Bytes claimed = a_large_jpeg(16, 16);
  const events::Bytes frame_header{0xFF, 0xC0, 0, 11, 8};
  const auto header = std::ranges::search(claimed, frame_header).begin();
  ASSERT_NE(header, claimed.end());
  const events::Bytes sides{0x27, 0x11, 0x4E, 0x20};  // 10,001 high, 20,000 wide.
  std::ranges::copy(sides, header + 5);
  const auto too_many = fit_evidence(claimed);
  ASSERT_FALSE(too_many);
  EXPECT_NE(too_many.error().message.find("quá nhiều điểm ảnh"), std::string::npos);
}

// A file of 100 bytes that claims to be 60,000 pixels wide would take all the phone's memory.
TEST(Picture, IsMeasuredBeforeMemoryIsReserved) {
  events::Bytes png = a_picture(16, MediaType::png);
  png[16] = png[20] = 0x00;
  png[17] = png[21] = 0x00;
  png[18] = png[22] = 0xEA;
  EXPECT_EQ(thumbnail_of({png, MediaType::png, false}).error().code, ErrorCode::invalid_argument);
  std::fill_n(png.begin() + 16, 8, std::uint8_t{0xFF});  // Its pixels do not fit into 63 bits.
  EXPECT_NE(fit_evidence(png).error().message.find("quá nhiều điểm ảnh"), std::string::npos);
  png[12] = 'x';  // Another chunk stands in front of the one that is measured.
  EXPECT_EQ(fit_evidence(png).error().code, ErrorCode::invalid_argument);
  const events::Bytes jpeg = a_picture(64, MediaType::jpeg);
  for (std::size_t size = 0; size < 700 && size < jpeg.size(); ++size) {
    const events::Bytes cut(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(size));
    static_cast<void>(thumbnail_of({cut, MediaType::jpeg, false}));  // Must only not crash.
  }
}

}  // namespace
}  // namespace clients
