#!/bin/sh
useradd app
mkdir /opt/app
