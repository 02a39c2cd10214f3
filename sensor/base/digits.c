#include "sensor/base/digits.h"

const char digits_pairs[200] = "00010203040506070809101112131415161718192021222324"
			       "25262728293031323334353637383940414243444546474849"
			       "50515253545556575859606162636465666768697071727374"
			       "75767778798081828384858687888990919293949596979899";

const char digits_octets[1024] = "0.  1.  2.  3.  4.  5.  6.  7.  8.  9.  10. 11. 12. 13. 14. 15. "
				 "16. 17. 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29. 30. 31. "
				 "32. 33. 34. 35. 36. 37. 38. 39. 40. 41. 42. 43. 44. 45. 46. 47. "
				 "48. 49. 50. 51. 52. 53. 54. 55. 56. 57. 58. 59. 60. 61. 62. 63. "
				 "64. 65. 66. 67. 68. 69. 70. 71. 72. 73. 74. 75. 76. 77. 78. 79. "
				 "80. 81. 82. 83. 84. 85. 86. 87. 88. 89. 90. 91. 92. 93. 94. 95. "
				 "96. 97. 98. 99. 100.101.102.103.104.105.106.107.108.109.110.111."
				 "112.113.114.115.116.117.118.119.120.121.122.123.124.125.126.127."
				 "128.129.130.131.132.133.134.135.136.137.138.139.140.141.142.143."
				 "144.145.146.147.148.149.150.151.152.153.154.155.156.157.158.159."
				 "160.161.162.163.164.165.166.167.168.169.170.171.172.173.174.175."
				 "176.177.178.179.180.181.182.183.184.185.186.187.188.189.190.191."
				 "192.193.194.195.196.197.198.199.200.201.202.203.204.205.206.207."
				 "208.209.210.211.212.213.214.215.216.217.218.219.220.221.222.223."
				 "224.225.226.227.228.229.230.231.232.233.234.235.236.237.238.239."
				 "240.241.242.243.244.245.246.247.248.249.250.251.252.253.254.255.";

/* Digits are made four at a time: nearly all numbers are done with one or two rounds. */
enum { GROUP = 10000, GROUPS_MAX = DIGITS_UINT_MAX / 4 };

static char *put_group(char *out, unsigned value)
{
	return digits_two(digits_two(out, value / 100), value % 100);
}

/* Without zeros before it. */
static inline __attribute__((always_inline)) char *put_first_group(char *out, unsigned value)
{
	unsigned high = value >= 100 ? value / 100 : value;

	if (high >= 10)
		out = digits_two(out, high);
	else
		*out++ = (char)('0' + high);
	return value >= 100 ? digits_two(out, value % 100) : out;
}

/* Three groups or more. */
static __attribute__((noinline)) char *put_large(char *out, uint64_t value)
{
	unsigned groups[GROUPS_MAX];
	unsigned count = 0;

	for (; value >= GROUP; value /= GROUP)
		groups[count++] = (unsigned)(value % GROUP);
	out = put_first_group(out, (unsigned)value);
	while (count > 0)
		out = put_group(out, groups[--count]);
	return out;
}

char *digits_uint(char *out, uint64_t value)
{
	if (value < GROUP)
		return put_first_group(out, (unsigned)value);
	if (value >= (uint64_t)GROUP * GROUP)
		return put_large(out, value);

	unsigned low = (unsigned)value % GROUP;

	return put_group(put_first_group(out, (unsigned)value / GROUP), low);
}

char *digits_hex(char *out, uint64_t value)
{
	unsigned count = (64 - (unsigned)__builtin_clzll(value | 1) + 3) / 4;

	for (; count > 0; count--)
		*out++ = "0123456789abcdef"[value >> 4 * (count - 1) & 15];
	return out;
}
