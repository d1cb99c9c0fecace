#!/bin/sh
go build -o chat ./internal/fake
