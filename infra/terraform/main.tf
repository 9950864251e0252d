# A bucket for a lake, and a policy that lets newsmill do what it needs there and nothing else.
#
#   terraform -chdir=infra/terraform init
#   terraform -chdir=infra/terraform apply -var bucket=newsroom-lake

terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.60"
    }
  }
}

variable "bucket" {
  type        = string
  description = "Name of the bucket."
}

variable "prefix" {
  type        = string
  description = "Where in the bucket the lake is."
  default     = "lake"
}

variable "raw_days" {
  type        = number
  description = "Days after which the archive of raw pages moves to cold storage."
  default     = 90
}

resource "aws_s3_bucket" "lake" {
  bucket = var.bucket
}

resource "aws_s3_bucket_public_access_block" "lake" {
  bucket                  = aws_s3_bucket.lake.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "lake" {
  bucket = aws_s3_bucket.lake.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

# Versions let an administrator undo what newsmill itself deletes; its own rollback does not need them.
resource "aws_s3_bucket_versioning" "lake" {
  bucket = aws_s3_bucket.lake.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "lake" {
  bucket     = aws_s3_bucket.lake.id
  depends_on = [aws_s3_bucket_versioning.lake]

  rule {
    id     = "deleted-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 14
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 3
    }
  }

  # Staging of killed runs; newsmill clears it sooner.
  rule {
    id     = "staging"
    status = "Enabled"

    filter {
      prefix = "${var.prefix}/_staging/"
    }

    expiration {
      days = 7
    }
  }

  rule {
    id     = "raw"
    status = "Enabled"

    filter {
      prefix = "${var.prefix}/raw/"
    }

    transition {
      days          = var.raw_days
      storage_class = "GLACIER_IR"
    }
  }
}

data "aws_iam_policy_document" "tls" {
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.lake.arn, "${aws_s3_bucket.lake.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "lake" {
  bucket = aws_s3_bucket.lake.id
  policy = data.aws_iam_policy_document.tls.json
}

data "aws_iam_policy_document" "writer" {
  statement {
    sid       = "List"
    actions   = ["s3:ListBucket", "s3:ListBucketMultipartUploads"]
    resources = [aws_s3_bucket.lake.arn]
  }

  statement {
    sid       = "Lake"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    resources = ["${aws_s3_bucket.lake.arn}/${var.prefix}/*"]
  }
}

data "aws_iam_policy_document" "reader" {
  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.lake.arn]
  }

  statement {
    sid       = "Lake"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.lake.arn}/${var.prefix}/*"]
  }
}

resource "aws_iam_policy" "writer" {
  name   = "${var.bucket}-newsmill-writer"
  policy = data.aws_iam_policy_document.writer.json
}

resource "aws_iam_policy" "reader" {
  name   = "${var.bucket}-newsmill-reader"
  policy = data.aws_iam_policy_document.reader.json
}

output "lake" {
  description = "What to write into newsmill.toml."
  value       = "s3://${aws_s3_bucket.lake.bucket}/${var.prefix}"
}

output "writer_policy" {
  value = aws_iam_policy.writer.arn
}

output "reader_policy" {
  value = aws_iam_policy.reader.arn
}
